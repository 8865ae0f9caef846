package dev.psat.spire.tls.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SvidMint;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.support.ClassicAuthority;
import dev.psat.support.MutableClock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the open connections of {@link ClassicTls}.
 */
class ClassicConnectionsTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final String ORDERS = "spiffe://example.org/orders";

	private static final ClassicAuthority AUTHORITY = new ClassicAuthority();

	private static final SSLContext LOCALHOST = ForeignTls.server(AUTHORITY, "localhost");

	private static final Duration LIFE = Duration.ofHours(1);

	private final MutableClock clock = new MutableClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));

	private final MutableIdentity orders = new MutableIdentity().telling();

	private final AtomicReference<ClassicAuthority> trusted = new AtomicReference<>(AUTHORITY);

	private final BundleTls tls = ClassicTls.of(this.orders, () -> this.trusted.get().trustManager(), TlsOptions.NONE,
			Time.of(this.clock));

	ClassicConnectionsTests() {
		this.orders.become(ROOT.order(ORDERS).issuedAt(this.clock.instant(), LIFE).mint(), ROOT.bundle());
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void connectionEndsWithTheOwnExpiryAlone(String protocol) throws Exception {
		EngineHandshake connection = begin(this.tls, protocol).end();
		EngineHandshake kept = begin(this.tls.keepingConnections(), protocol).end();
		OpenConnection open = this.tls.connection(connection.client().getSession());
		assertThat(open).isNotNull();
		assertThat(open.isDue()).isFalse();
		this.trusted.set(new ClassicAuthority());
		this.orders.trust(new SvidMint("root").bundle());
		this.clock.advance(LIFE.plusSeconds(120));
		this.orders.become(this.orders.snapshot());
		begin(this.tls, protocol);
		assertThat(ended()).isZero();
		this.clock.advance(Duration.ofMillis(1));
		this.orders.become(this.orders.snapshot());
		Registry.awaiting().until(() -> ended() == 1);
		assertThatExceptionOfType(SSLException.class).isThrownBy(connection::pass)
			.withMessageContaining("There is no X.509-SVID to be connected with: The last one expired at ");
		kept.pass();
		this.trusted.set(AUTHORITY);
		assertThatExceptionOfType(SSLException.class).isThrownBy(begin(this.tls, protocol)::end);
		this.orders.rotate(ROOT.order(ORDERS).issuedAt(this.clock.instant(), LIFE).mint());
		begin(this.tls, protocol).end().pass();
		assertThat(this.tls.connections().ended(Direction.OUTBOUND, EndCause.IDENTITY)).isOne();
	}

	private long ended() {
		return Registry.ended(this.tls.connections(), Direction.OUTBOUND);
	}

	private static EngineHandshake begin(BundleTls tls, String protocol) {
		return EngineHandshake.begin(BundleTls.throwing(tls.context()), LOCALHOST, protocol);
	}

}
