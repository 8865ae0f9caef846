package dev.psat.spire.tls.internal;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for many {@link OpenConnections}.
 */
@Timeout(Patience.SECONDS)
class ManyConnectionsTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final SvidMint OTHER = new SvidMint("other");

	private final MutableIdentity bank = MutableIdentity.of(ROOT, "spiffe://example.org/bank").telling();

	private final Registry registry = new Registry(this.bank, Time.ofSystem(),
			new OpenConnections.Timing(Duration.ofMillis(200), Duration.ofHours(1)));

	@ParameterizedTest
	@ValueSource(ints = { 1_000, 10_000 })
	void guiltyConnectionAmongManyEndsSoon(int number) throws Exception {
		this.bank.trust(SvidMint.bundle(ROOT, OTHER));
		List<FakeEngine> innocents = open(ROOT.mint("spiffe://example.org/orders").svid(), Registry.ANYBODY, number);
		FakeEngine guilty = this.registry.open(OTHER.mint("spiffe://example.org/guest"));
		this.bank.trust(ROOT.bundle());
		Registry.awaiting().until(guilty::isEnded);
		assertThat(innocents).noneMatch(FakeEngine::isTouched);
		assertThat(this.registry.open()).isEqualTo(number);
	}

	@Test
	void allOfManyEnd() throws Exception {
		List<FakeEngine> engines = open(ROOT.mint("spiffe://example.org/orders").svid(), Registry.ANYBODY, 10_000);
		this.bank.trust(OTHER.bundle());
		Registry.awaiting().until(() -> this.registry.ended(EndCause.UNTRUSTED) == 10_000);
		assertThat(engines).allMatch(FakeEngine::isEnded);
		assertThat(this.registry.open()).isZero();
	}

	@Test
	void policyIsAskedAboutEachOfManyPeersOnce() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		PeerPolicies policies = PeerPolicies.of((peer) -> {
			asked.incrementAndGet();
			return peer.path().endsWith("0");
		});
		List<FakeEngine> authorized = new ArrayList<>();
		List<FakeEngine> unauthorized = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			List<FakeEngine> engines = open(ROOT.mint("spiffe://example.org/orders" + i).svid(), policies, 20);
			((i % 10 == 0) ? authorized : unauthorized).addAll(engines);
		}
		this.registry.connections().reauthorization().request();
		Registry.awaiting().until(() -> this.registry.ended(EndCause.UNAUTHORIZED) == 900);
		assertThat(unauthorized).allMatch(FakeEngine::isEnded);
		assertThat(authorized).noneMatch(FakeEngine::isTouched);
		assertThat(asked).hasValue(50);
	}

	@Test
	void manyReauthorizationsLeaveNoThreadBehind() throws Exception {
		X509Svid peer = ROOT.mint("spiffe://example.org/orders").svid();
		Set<Thread> others = Registry.living("spire-connections");
		for (int i = 0; i < 200; i++) {
			this.registry.open(peer, PeerPolicies.of((each) -> true));
			this.registry.connections().reauthorization().request();
		}
		Registry.awaiting().until(() -> Registry.threads("spire-policies") == 0);
		Set<Thread> ours = Registry.living("spire-connections");
		ours.removeAll(others);
		assertThat(ours).hasSize(1);
		assertThat(this.registry.ended()).isZero();
	}

	@Test
	void socketsThatEndLeaveNeitherThreadsNorDescriptorsBehind() throws Exception {
		SvidTls server = SvidTls.of(this.bank, Registry.ANYBODY, TlsOptions.NONE, Time.ofSystem());
		SvidTls client = SvidTls.of(MutableIdentity.of(ROOT, "spiffe://example.org/orders"), Registry.ANYBODY,
				TlsOptions.NONE, Time.ofSystem());
		long before = 0;
		for (int i = 0; i < 60; i++) {
			this.bank.trust(ROOT.bundle());
			SocketPair pair = SocketPair.connect(client.tls().context(), server.tls().context(),
					(i % 2 == 0) ? "TLSv1.3" : "TLSv1.2", i % 3 == 0);
			this.bank.trust(OTHER.bundle());
			Registry.awaiting().until(pair.server()::isClosed);
			pair.close();
			before = (i == 10) ? descriptors() : before;
		}
		Registry.awaiting().until(() -> Registry.threads("spire-connections-end") == 0);
		assertThat(descriptors()).isLessThan(before + 20);
		Registry.awaiting().until(() -> server.tls().connections().ended(Direction.INBOUND, EndCause.UNTRUSTED) == 60);
	}

	private static long descriptors() {
		return (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)
				? unix.getOpenFileDescriptorCount() : 0;
	}

	private List<FakeEngine> open(X509Svid peer, PeerPolicies policies, int number) throws Exception {
		List<FakeEngine> engines = new ArrayList<>();
		for (int i = 0; i < number; i++) {
			engines.add(this.registry.open(peer, policies));
		}
		return engines;
	}

}
