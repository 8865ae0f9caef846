package dev.psat.spire.tls.internal;

import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLException;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.Direction;
import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for connections that are registered while their cause ends.
 */
@Timeout(Patience.SECONDS)
class RegistrationRaceTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final SvidMint OTHER = new SvidMint("other");

	private static final TrustBundle BOTH = SvidMint.bundle(ROOT, OTHER);

	private final MutableIdentity bank = MutableIdentity.of(ROOT, "spiffe://example.org/bank").telling();

	private final Registry registry = new Registry(this.bank, Time.ofSystem());

	private final X509Svid innocent = ROOT.mint("spiffe://example.org/orders").svid();

	private final X509Svid guilty = OTHER.mint("spiffe://example.org/guest").svid();

	@Test
	void nobodyGuiltySurvivesAPublicationAndNobodyInnocentEnds() throws Exception {
		publish(100);
	}

	@Test
	@Matrix
	void nobodyGuiltySurvivesAPublicationAndNobodyInnocentEndsHoweverOften() throws Exception {
		publish(400);
	}

	private void publish(int rounds) throws Exception {
		CyclicBarrier meeting = new CyclicBarrier(3);
		for (int i = 0; i < rounds; i++) {
			this.bank.trust(BOTH);
			List<FakeEngine> innocents = new CopyOnWriteArrayList<>();
			List<FakeEngine> guilties = new CopyOnWriteArrayList<>();
			Thread first = start(meeting, () -> register(this.innocent, innocents, Registry.ANYBODY));
			Thread second = start(meeting, () -> register(this.guilty, guilties, Registry.ANYBODY));
			meeting.await();
			this.bank.trust(ROOT.bundle());
			first.join();
			second.join();
			Registry.awaiting().until(() -> guilties.stream().allMatch(FakeEngine::isEnded));
			assertThat(innocents).hasSize(10).noneMatch(FakeEngine::isTouched);
		}
		assertThat(this.registry.open()).isLessThanOrEqualTo(10 * rounds);
	}

	@Test
	void nobodyGuiltySurvivesAReauthorizationAndNobodyInnocentEnds() throws Exception {
		reauthorize(100);
	}

	@Test
	@Matrix
	void nobodyGuiltySurvivesAReauthorizationAndNobodyInnocentEndsHoweverOften() throws Exception {
		reauthorize(400);
	}

	private void reauthorize(int rounds) throws Exception {
		CyclicBarrier meeting = new CyclicBarrier(3);
		this.bank.trust(BOTH);
		for (int i = 0; i < rounds; i++) {
			Set<String> listed = ConcurrentHashMap.newKeySet();
			listed.addAll(Set.of("/orders", "/guest"));
			PeerPolicies policies = PeerPolicies.of((peer) -> listed.contains(peer.path()));
			List<FakeEngine> innocents = new CopyOnWriteArrayList<>();
			List<FakeEngine> guilties = new CopyOnWriteArrayList<>();
			Thread first = start(meeting, () -> register(this.innocent, innocents, policies));
			Thread second = start(meeting, () -> register(this.guilty, guilties, policies));
			meeting.await();
			listed.remove("/guest");
			this.registry.connections().reauthorization().request();
			first.join();
			second.join();
			Registry.awaiting().until(() -> guilties.stream().allMatch(FakeEngine::isEnded));
			assertThat(innocents).hasSize(10).noneMatch(FakeEngine::isTouched);
		}
	}

	/**
	 * Real handshakes, of which each is at another point when the authority is revoked.
	 */
	@Test
	void handshakesOfTheGuiltyFailOrTheirConnectionsEnd() throws Exception {
		shakeHands(20);
	}

	@Test
	@Matrix
	void handshakesOfTheGuiltyFailOrTheirConnectionsEndHoweverOften() throws Exception {
		shakeHands(80);
	}

	private void shakeHands(int rounds) throws Exception {
		SvidTls server = SvidTls.of(this.bank, Registry.ANYBODY, TlsOptions.NONE, Time.ofSystem());
		SvidTls orders = client(ROOT.mint("spiffe://example.org/orders"));
		SvidTls guest = client(OTHER.mint("spiffe://example.org/guest"));
		AtomicInteger refused = new AtomicInteger();
		for (int i = 0; i < rounds; i++) {
			this.bank.trust(BOTH);
			CyclicBarrier meeting = new CyclicBarrier(3);
			List<EngineHandshake> innocents = new CopyOnWriteArrayList<>();
			List<EngineHandshake> guilties = new CopyOnWriteArrayList<>();
			String protocol = (i % 2 == 0) ? "TLSv1.3" : "TLSv1.2";
			Thread first = start(meeting, () -> shakeHands(orders, server, protocol, innocents, refused));
			Thread second = start(meeting, () -> shakeHands(guest, server, protocol, guilties, refused));
			meeting.await();
			for (int spin = 0; spin < i * 80_000 / rounds; spin++) {
				Thread.onSpinWait();
			}
			this.bank.trust(ROOT.bundle());
			first.join();
			second.join();
			Registry.awaiting()
				.until(() -> guilties.stream().allMatch((handshake) -> handshake.server().isInboundDone()));
			assertThat(innocents).hasSize(3).noneMatch((handshake) -> handshake.server().isInboundDone());
		}
	}

	private static void shakeHands(SvidTls client, SvidTls server, String protocol, List<EngineHandshake> done,
			AtomicInteger refused) {
		for (int i = 0; i < 3; i++) {
			try {
				done.add(EngineHandshake.begin(client.tls().context(), server.tls().context(), protocol).end());
			}
			catch (SSLException | IllegalStateException ex) {
				refused.incrementAndGet();
			}
		}
	}

	private static SvidTls client(Minted minted) {
		MutableIdentity identity = new MutableIdentity();
		identity.become(minted, BOTH);
		return SvidTls.of(identity, Registry.ANYBODY, TlsOptions.NONE, Time.ofSystem());
	}

	/**
	 * Register as handshakes do: one that is refused is no connection.
	 */
	private void register(X509Svid peer, List<FakeEngine> registered, PeerPolicies policies) {
		List<FakeEngine> engines = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			engines.add(new FakeEngine());
		}
		for (FakeEngine engine : engines) {
			try {
				long authorization = this.registry.connections().reauthorization().requested();
				if (policies.refusal(Direction.INBOUND, peer.spiffeId(), SvidMint.TRUST_DOMAIN) == null) {
					this.registry.register(peer, policies, engine, authorization);
					registered.add(engine);
				}
			}
			catch (CertificateException ex) {
				// refused in the handshake
			}
		}
	}

	private static Thread start(CyclicBarrier meeting, Runnable task) {
		Thread thread = new Thread(() -> {
			try {
				meeting.await();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
			task.run();
		});
		thread.start();
		return thread;
	}

}
