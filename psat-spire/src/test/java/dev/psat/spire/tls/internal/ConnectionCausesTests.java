package dev.psat.spire.tls.internal;

import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.support.MutableClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for the ends of connections with each cause, on whatever serves them.
 */
class ConnectionCausesTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final SvidMint OTHER = new SvidMint("other");

	private static final SvidMint PARTNER = new SvidMint("partner");

	private static final Duration LONG = Duration.ofHours(1);

	private static final Duration SHORT = Duration.ofMinutes(1);

	private final MutableClock clock = new MutableClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));

	private final MutableIdentity bank = new MutableIdentity().telling();

	private final Set<String> listed = ConcurrentHashMap.newKeySet();

	private final SvidTls server = SvidTls.of(this.bank, PeerPolicies.of((peer) -> this.listed.contains(peer.path())),
			TlsOptions.NONE, Time.of(this.clock));

	private final List<AutoCloseable> open = new ArrayList<>();

	ConnectionCausesTests() {
		this.bank.become(ROOT.order("spiffe://example.org/bank").issuedAt(this.clock.instant(), LONG).mint(),
				SvidMint.bundle(ROOT, OTHER));
		this.listed.addAll(Set.of("/orders", "/guest"));
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	static Stream<Arguments> all() {
		return Stream.of(Serving.values())
			.flatMap((serving) -> Stream.of("TLSv1.2", "TLSv1.3")
				.flatMap((protocol) -> Stream.of(EndCause.values())
					.map((cause) -> Arguments.of(serving, protocol, cause))));
	}

	@ParameterizedTest
	@MethodSource("all")
	void guiltyConnectionEndsAndTheInnocentDoesNot(Serving serving, String protocol, EndCause cause) throws Exception {
		End innocent = connect(serving, protocol, order(ROOT, "orders", LONG));
		End guilty = connect(serving, protocol, order(OTHER, "guest", SHORT));
		assertThat(this.server.tls().connections().open(Direction.INBOUND)).isEqualTo(2);
		become(cause);
		Registry.awaiting().until(guilty::isEnded);
		Registry.awaiting().until(() -> ended(cause) == ((cause == EndCause.IDENTITY) ? 2 : 1));
		assertThat(innocent.isEnded()).isEqualTo(cause == EndCause.IDENTITY);
		assertThat(Registry.ended(this.server.tls().connections(), Direction.INBOUND)).isEqualTo(ended(cause));
		assertThat(this.server.tls().connections().open(Direction.INBOUND))
			.isEqualTo((cause == EndCause.IDENTITY) ? 0 : 1);
	}

	@ParameterizedTest
	@MethodSource("all")
	void keptConnectionEndsWithNothing(Serving serving, String protocol, EndCause cause) throws Exception {
		SvidTls keeping = this.server.keepingConnections();
		End kept = connect(keeping, serving, protocol, order(OTHER, "guest", SHORT));
		End guilty = connect(serving, protocol, order(OTHER, "guest", SHORT));
		become(cause);
		Registry.awaiting().until(guilty::isEnded);
		assertThat(kept.isEnded()).isFalse();
		Registry.awaiting().until(() -> ended(cause) == 1);
		assertThat(keeping.tls().connections().open(Direction.INBOUND)).isOne();
	}

	private void become(EndCause cause) {
		switch (cause) {
			case EXPIRED -> {
				this.clock.advance(SHORT.plusSeconds(121));
				this.bank.become(this.bank.snapshot());
			}
			case UNTRUSTED -> this.bank.trust(ROOT.bundle());
			case UNAUTHORIZED -> {
				this.listed.remove("/guest");
				this.server.reauthorize();
			}
			case IDENTITY -> {
				this.bank.rotate(ROOT.order("spiffe://example.org/bank")
					.issuedAt(this.clock.instant().minusSeconds(200), SHORT)
					.mint());
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void connectionEndsWithTheFederationAndOthersStay(Serving serving) throws Exception {
		TrustDomain partner = TrustDomain.of("partner.org");
		this.bank.federate(PARTNER.bundleOf(partner));
		SvidTls federated = this.server.with(PeerPolicies.of(partner, (peer) -> peer.trustDomain().equals(partner)));
		End foreign = connect(federated, serving, "TLSv1.3",
				PARTNER.order("spiffe://partner.org/mailer").issuedAt(this.clock.instant(), LONG).mint());
		End own = connect(serving, "TLSv1.3", order(ROOT, "orders", LONG));
		this.bank.endFederation(partner);
		Registry.awaiting().until(foreign::isEnded);
		assertThat(own.isEnded()).isFalse();
		Registry.awaiting().until(() -> ended(EndCause.UNTRUSTED) == 1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void whoWasEndedIsRefusedUntilTheOwnSvidIsRenewed(String protocol) throws Exception {
		Minted orders = order(ROOT, "orders", Duration.ofDays(1));
		End before = connect(Serving.ENGINE, protocol, orders);
		this.clock.advance(LONG.plusSeconds(120));
		this.bank.become(this.bank.snapshot());
		connect(Serving.ENGINE, protocol, orders);
		assertThat(before.isEnded()).isFalse();
		this.clock.advance(Duration.ofMillis(1));
		this.bank.become(this.bank.snapshot());
		Registry.awaiting().until(before::isEnded);
		assertThatExceptionOfType(SSLException.class).isThrownBy(() -> connect(Serving.ENGINE, protocol, orders));
		assertThatIOException().isThrownBy(() -> connect(Serving.SERVER_SOCKET, protocol, orders));
		assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> this.server.verifyClient(orders.chain()))
			.withMessageContaining("The last one expired at ");
		this.bank.rotate(order(ROOT, "bank", LONG));
		End after = connect(Serving.ENGINE, protocol, orders);
		assertThat(after.isEnded()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void handshakeThatIsDelayedPastTheOwnExpiryIsRefused(String protocol) {
		EngineHandshake begun = EngineHandshake.begin(client(order(ROOT, "orders", Duration.ofDays(1))),
				this.server.tls().context(), protocol);
		this.clock.advance(LONG.plusSeconds(121));
		assertThatExceptionOfType(SSLException.class).isThrownBy(begun::end);
		assertThat(this.server.tls().connections().open(Direction.INBOUND)).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void handshakeThatIsDelayedPastAReauthorizationIsRefused(String protocol) {
		EngineHandshake begun = EngineHandshake.begin(client(order(ROOT, "guest", LONG)), this.server.tls().context(),
				protocol);
		this.listed.remove("/guest");
		this.server.reauthorize();
		assertThatExceptionOfType(SSLException.class).isThrownBy(begun::end)
			.havingRootCause()
			.withMessageContaining("is not authorized by the application's own policy");
	}

	/**
	 * Over TLS 1.3, a peer that says that it will write no more may go on reading.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void connectionEndsWhosePeerOnlyReads(String protocol) throws Exception {
		EngineHandshake stream = EngineHandshake
			.begin(client(order(OTHER, "guest", SHORT)), this.server.tls().context(), protocol)
			.end();
		stream.client().closeOutbound();
		stream.pass();
		assertThat(stream.server().isInboundDone()).isTrue();
		boolean reading = protocol.equals("TLSv1.3");
		assertThat(stream.server().isOutboundDone()).isEqualTo(!reading);
		this.bank.become(this.bank.snapshot());
		assertThat(this.server.tls().connections().open(Direction.INBOUND)).isEqualTo(reading ? 1 : 0);
		this.bank.trust(ROOT.bundle());
		Registry.awaiting().until(() -> ended(EndCause.UNTRUSTED) == (reading ? 1 : 0));
		Registry.awaiting().until(() -> this.server.tls().connections().open(Direction.INBOUND) == 0);
	}

	@Test
	void handshakeThatTellsNothingOfItsConnectionIsRefusedWhereItCouldNotBeEnded() throws Exception {
		Minted orders = order(ROOT, "orders", LONG);
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> manager(this.server).checkClientTrusted(orders.array(), "EC"))
			.withMessageContaining("could not be ended with its cause");
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> manager(this.server).checkServerTrusted(orders.array(), "EC"))
			.withMessageContaining("could not be ended with its cause");
		manager(this.server.keepingConnections()).checkClientTrusted(orders.array(), "EC");
		manager(this.server.keepingConnections()).checkServerTrusted(orders.array(), "EC");
		assertThat(this.server.tls().connections().open(Direction.INBOUND)).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void clientsSocketEndsToo(String protocol) throws Exception {
		SvidTls client = SvidTls.of(this.bank, Registry.ANYBODY, TlsOptions.NONE, Time.of(this.clock));
		MutableIdentity guest = new MutableIdentity();
		guest.become(order(OTHER, "guest", SHORT), SvidMint.bundle(ROOT, OTHER));
		SocketPair pair = SocketPair.connect(client.tls().context(),
				SvidTls.of(guest, Registry.ANYBODY, TlsOptions.NONE, Time.of(this.clock)).tls().context(), protocol,
				false);
		this.open.add(pair);
		assertThat(client.tls().connection(pair.client().getSession())).isNotNull();
		this.bank.trust(ROOT.bundle());
		Registry.awaiting().until(pair.client()::isClosed);
		Registry.awaiting().until(() -> client.tls().connections().ended(Direction.OUTBOUND, EndCause.UNTRUSTED) == 1);
	}

	private long ended(EndCause cause) {
		return this.server.tls().connections().ended(Direction.INBOUND, cause);
	}

	private Minted order(SvidMint mint, String workload, Duration life) {
		return mint.order("spiffe://example.org/" + workload).issuedAt(this.clock.instant(), life).mint();
	}

	private SSLContext client(Minted minted) {
		MutableIdentity identity = new MutableIdentity();
		identity.become(minted, SvidMint.bundle(ROOT, OTHER));
		identity.federate(ROOT.bundle());
		// its clock stands still, so that it ends nothing itself
		return SvidTls
			.of(identity, new PeerPolicies(Foreign.WELCOME, Foreign.WELCOME), TlsOptions.NONE,
					Time.of(new MutableClock(this.clock.instant())))
			.keepingConnections()
			.tls()
			.context();
	}

	private End connect(Serving serving, String protocol, Minted peer) throws Exception {
		return connect(this.server, serving, protocol, peer);
	}

	private End connect(SvidTls server, Serving serving, String protocol, Minted peer) throws Exception {
		SSLContext context = (serving == Serving.MANAGERS) ? built(server) : server.tls().context();
		if (serving == Serving.SERVER_SOCKET || serving == Serving.LAYERED_SOCKET) {
			SocketPair pair = SocketPair.connect(client(peer), context, protocol, serving == Serving.LAYERED_SOCKET);
			this.open.add(pair);
			assertThat(server.tls().connection(pair.server().getSession())).isNotNull();
			return pair.server()::isClosed;
		}
		EngineHandshake connection = EngineHandshake.begin(client(peer), context, protocol).end();
		SSLSession session = connection.server().getSession();
		assertThat(server.tls().connection(session)).isNotNull();
		return () -> connection.server().isInboundDone();
	}

	private static SSLContext built(SvidTls server) throws Exception {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(server.tls().keyManagerFactory().getKeyManagers(),
				server.tls().trustManagerFactory().getTrustManagers(), null);
		return context;
	}

	private static PeerTrustManager manager(SvidTls tls) {
		return (PeerTrustManager) tls.tls().trustManagerFactory().getTrustManagers()[0];
	}

	enum Serving {

		ENGINE, MANAGERS, SERVER_SOCKET, LAYERED_SOCKET

	}

	private interface End {

		boolean isEnded();

	}

	private static final class Foreign implements PeerPolicy {

		static final Foreign WELCOME = new Foreign();

		@Override
		public @Nullable String refusal(SpiffeId peer) {
			return null;
		}

		@Override
		public Set<TrustDomain> trustDomains() {
			return Set.of(SvidMint.TRUST_DOMAIN);
		}

	}

}
