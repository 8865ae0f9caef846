package dev.psat.spire.tls.internal;

import java.time.Clock;
import java.time.Duration;

import dev.psat.spiffe.SvidMint;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link OpenConnections}.
 */
class OpenConnectionsTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final PeerPolicies ANYBODY = PeerPolicies.of((peer) -> true);

	private final MutableIdentity orders = MutableIdentity.of(ROOT, "spiffe://example.org/orders");

	private final MutableIdentity bank = MutableIdentity.of(ROOT, "spiffe://example.org/bank");

	private final SvidTls client = SvidTls.of(this.orders, ANYBODY, TlsOptions.NONE, Clock.systemUTC());

	private final SvidTls server = SvidTls.of(this.bank, ANYBODY, TlsOptions.NONE, Clock.systemUTC());

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void connectionEndsOnceNothingVouchesForThePeer(String protocol) throws Exception {
		EngineHandshake connection = EngineHandshake
			.begin(this.client.tls().context(), this.server.tls().context(), protocol)
			.end();
		assertThat(this.server.tls().connection(connection.server().getSession())).isNotNull();
		assertThat(this.client.tls().connection(connection.client().getSession())).isNotNull();
		assertThat(this.server.tls().connections().open(Direction.INBOUND)).isOne();
		this.bank.trust(new SvidMint("root").bundle());
		await().atMost(Duration.ofSeconds(10)).until(() -> connection.server().isInboundDone());
		assertThat(connection.client().isInboundDone()).isFalse();
		assertThat(this.server.tls().connections().open(Direction.INBOUND)).isZero();
		assertThat(this.server.tls().connections().ended(Direction.INBOUND, EndCause.UNTRUSTED)).isOne();
	}

}
