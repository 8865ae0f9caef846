package dev.psat.spire.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.psat.spiffe.TestAuthority;
import dev.psat.spire.wire.internal.TestTime;
import dev.psat.spire.wire.internal.Time;
import dev.psat.spire.workload.client.WorkloadClient;
import dev.psat.spire.workload.client.WorkloadEndpoint;
import dev.psat.spire.workload.client.WorkloadException;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link Time.Taker}, by which our other modules give the clients their time.
 */
class TimeTakerTests {

	private static final Duration TIMEOUT = Duration.ofHours(1);

	private final TestTime time = new TestTime();

	@Test
	void clientOfAServerWaitsByTheTimeThatItsBuilderTook() throws Exception {
		try (RawServer silent = RawServer.silent("127.0.0.1", 0)) {
			SpireClient.Builder builder = SpireClient
				.builder(silent.address(), TestAuthority.TRUST_DOMAIN, TestAuthority.root("Authority")::bundle)
				.timeouts(TestTimeouts.patient())
				.callTimeout(TIMEOUT);
			((Time.Taker) builder).take(this.time);
			try (SpireClient client = builder.build()) {
				CompletableFuture<SpireException> failure = this.time
					.call(() -> catchThrowableOfType(SpireException.class, client::trustBundle));
				this.time.passInVain(TIMEOUT);
				assertThat(failure).succeedsWithin(Patience.LIMIT)
					.extracting(SpireException::reason)
					.isEqualTo(FailureReason.TIMED_OUT);
			}
		}
	}

	@Test
	void clientOfAnAgentWaitsByTheTimeThatItsBuilderTook() throws Exception {
		try (RawServer silent = RawServer.silent("127.0.0.1", 0)) {
			WorkloadClient.Builder builder = WorkloadClient
				.builder(WorkloadEndpoint.parse("tcp://127.0.0.1:" + silent.port()))
				.startTimeout(TIMEOUT);
			((Time.Taker) builder).take(this.time);
			try (WorkloadClient client = builder.build()) {
				CompletableFuture<WorkloadException> failure = this.time
					.call(() -> catchThrowableOfType(WorkloadException.class, () -> client.followX509((update) -> {
					})));
				this.time.passInVain(TIMEOUT);
				assertThat(failure).succeedsWithin(Patience.LIMIT)
					.extracting(WorkloadException::reason)
					.isEqualTo(WorkloadFailureReason.TIMED_OUT);
			}
		}
	}

}
