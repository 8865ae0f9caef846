package dev.psat.spire.tls.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import javax.net.ssl.SSLEngine;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.spire.tls.TlsSnapshot;
import dev.psat.support.MutableClock;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionJudge#retirement}.
 */
class RetirementTests {

	private static final String ID = "spiffe://example.org/orders";

	private static final SvidMint ROOT = new SvidMint("root");

	private static final PeerPolicies ANYBODY = PeerPolicies.of((peer) -> true);

	private static final Duration LIFE = Duration.ofHours(1);

	private static final Instant BEGIN = Instant.now();

	private final MutableClock clock = new MutableClock(BEGIN);

	private final MutableIdentity orders = MutableIdentity.of(ROOT, ID);

	private final MutableIdentity bank = new MutableIdentity();

	private final SvidTls client = SvidTls.of(this.orders, ANYBODY, TlsOptions.NONE, Time.of(this.clock));

	private final SvidTls server = SvidTls.of(this.bank, ANYBODY, TlsOptions.NONE, Time.of(this.clock));

	RetirementTests() {
		this.bank.become(ROOT.order("spiffe://example.org/bank").issuedAt(BEGIN, LIFE).mint(), ROOT.bundle());
		this.orders.become(ROOT.order(ID).issuedAt(BEGIN, LIFE.multipliedBy(2)).mint(), ROOT.bundle());
	}

	@Test
	void connectionIsDueInTheLastSixthOfThePeer() throws Exception {
		OpenConnection connection = connect();
		this.clock.set(BEGIN.plus(Duration.ofMinutes(49)));
		assertThat(connection.isDue()).isFalse();
		this.clock.set(BEGIN.plus(Duration.ofMinutes(50)).plusSeconds(1));
		assertThat(connection.isDue()).isTrue();
	}

	@Test
	void connectionThatHasBegunInTheLastSixthIsUsedForTenSeconds() throws Exception {
		this.clock.set(BEGIN.plus(Duration.ofMinutes(55)));
		OpenConnection connection = connect();
		assertThat(connection.isDue()).isFalse();
		this.clock.set(BEGIN.plus(Duration.ofMinutes(55)).plusSeconds(10));
		assertThat(connection.isDue()).isTrue();
	}

	@Test
	void connectionIsDueAtOnceIfTheAuthorityIsTainted() throws Exception {
		OpenConnection connection = connect();
		TlsSnapshot before = this.orders.snapshot();
		this.orders.become(new TlsSnapshot(before.svid(), ROOT.taintedBundle()));
		lookAgain(connection);
		assertThat(connection.isDue()).isTrue();
	}

	@Test
	void connectionThatHasBegunWithATaintedAuthorityIsUsedForTenSeconds() throws Exception {
		this.orders.become(new TlsSnapshot(this.orders.snapshot().svid(), ROOT.taintedBundle()));
		OpenConnection connection = connect();
		assertThat(connection.isDue()).isFalse();
		this.clock.set(BEGIN.plusSeconds(10));
		assertThat(connection.isDue()).isTrue();
	}

	@Test
	void connectionOfAClientIsDueOnceThereIsAnotherSvid() throws Exception {
		OpenConnection connection = connect();
		this.orders.become(ROOT.order(ID).issuedAt(BEGIN, LIFE).mint(), ROOT.bundle());
		assertThat(connection.isDue()).isTrue();
	}

	/**
	 * Or it would be replaced for nothing, and a foreign client lose what is in flight.
	 */
	@Test
	void connectionThatIsKeptIsNeverDueAtEitherEnd() throws Exception {
		SvidTls client = this.client.keepingConnections();
		SvidTls server = this.server.keepingConnections();
		EngineHandshake handshake = shakeHands(client, server);
		OpenConnection connection = connectionOf(client, handshake.client());
		OpenConnection served = connectionOf(server, handshake.server());
		this.orders.become(
				new TlsSnapshot(this.orders.keyed(ROOT.order(ID).issuedAt(BEGIN, LIFE).mint()), ROOT.taintedBundle()));
		this.bank.become(new TlsSnapshot(this.bank.snapshot().svid(), ROOT.taintedBundle()));
		lookAgain(connection);
		this.clock.set(BEGIN.plus(LIFE.multipliedBy(3)));
		assertThat(connection.isDue()).isFalse();
		assertThat(served.isDue()).isFalse();
	}

	/**
	 * Look at a connection as the thread does that looks at all of them.
	 */
	private void lookAgain(OpenConnection connection) throws Exception {
		PeerVerifier.Vouching now = new PeerVerifier(this.orders, this.clock)
			.verify(Objects.requireNonNull(connection.peer()), this.orders.snapshot(), connection.vouching());
		connection.vouchedForBy(now);
	}

	private OpenConnection connect() throws Exception {
		return connectionOf(this.client, shakeHands(this.client, this.server).client());
	}

	private static EngineHandshake shakeHands(SvidTls client, SvidTls server) throws Exception {
		return EngineHandshake.begin(BundleTls.throwing(client.tls().context()), server.tls().context(), "TLSv1.3")
			.end();
	}

	private static OpenConnection connectionOf(SvidTls tls, SSLEngine engine) {
		return Objects.requireNonNull(tls.tls().connection(engine.getSession()));
	}

}
