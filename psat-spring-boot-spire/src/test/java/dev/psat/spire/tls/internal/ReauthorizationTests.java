package dev.psat.spire.tls.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.PeerPolicy;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PolicyAnswers} and {@link PolicyRound}.
 */
class ReauthorizationTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final Duration PATIENCE = Duration.ofMillis(300);

	private static final PeerPolicies ANYBODY = PeerPolicies.of((peer) -> true);

	private final MutableIdentity bank = MutableIdentity.of(ROOT, "spiffe://example.org/bank").telling();

	private final Set<String> listed = ConcurrentHashMap.newKeySet();

	private final SvidTls server = SvidTls.of(this.bank, PeerPolicies.of((peer) -> this.listed.contains(peer.path())),
			TlsOptions.NONE, Clock.systemUTC(), new OpenConnections.Timing(Duration.ofSeconds(1), PATIENCE));

	private final CountDownLatch hanging = new CountDownLatch(1);

	@AfterEach
	void release() {
		this.hanging.countDown();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void connectionsOfAPeerThatIsNoLongerAuthorizedEnd(String protocol) throws Exception {
		this.listed.addAll(Set.of("/orders", "/guest"));
		EngineHandshake innocent = connect("orders", protocol);
		EngineHandshake guilty = connect("guest", protocol);
		this.listed.remove("/guest");
		this.server.reauthorize();
		awaiting().until(() -> isEnded(guilty));
		assertThat(isEnded(innocent)).isFalse();
		assertThat(ended(EndCause.UNAUTHORIZED)).isOne();
		assertThat(this.server.tls().connections().open(Direction.INBOUND)).isOne();
	}

	private EngineHandshake connect(String workload, String protocol) throws Exception {
		return connect(this.server, workload, protocol);
	}

	private static EngineHandshake connect(SvidTls server, String workload, String protocol) throws Exception {
		SvidTls client = SvidTls.of(MutableIdentity.of(ROOT, "spiffe://example.org/" + workload), ANYBODY,
				TlsOptions.NONE, Clock.systemUTC());
		return EngineHandshake.begin(client.tls().context(), server.tls().context(), protocol).end();
	}

	private static boolean isEnded(EngineHandshake connection) {
		return connection.server().isInboundDone();
	}

	private long ended(EndCause cause) {
		return this.server.tls().connections().ended(Direction.INBOUND, cause);
	}

	private static ConditionFactory awaiting() {
		return await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(2));
	}

}
