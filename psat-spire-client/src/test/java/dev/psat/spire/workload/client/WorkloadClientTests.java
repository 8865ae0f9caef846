package dev.psat.spire.workload.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.test.WorkloadMethod;
import dev.psat.support.Patience;
import io.grpc.Status;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link WorkloadClient}.
 */
class WorkloadClientTests {

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	@AutoClose
	private final SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().entry(ORDERS).build();

	@AutoClose
	private final WorkloadClient client = client((builder) -> {
	});

	private final List<WorkloadX509Update> updates = new CopyOnWriteArrayList<>();

	private WorkloadClient client(Consumer<WorkloadClient.Builder> more) {
		WorkloadClient.Builder builder = WorkloadClient.builder(WorkloadEndpoint.parse(this.api.address()));
		more.accept(builder);
		return builder.build();
	}

	@Test
	void streamOfAnAgentThatStopsEndsWithoutAFailure() {
		CompletableFuture<Void> stream = follow();
		this.api.kill();
		assertThat(stream).succeedsWithin(Patience.LIMIT);
	}

	@Test
	void streamThatTheAgentEndsDoesSoWithoutAFailure() {
		CompletableFuture<Void> stream = follow();
		this.api.endStreams(Status.OK);
		assertThat(stream).succeedsWithin(Patience.LIMIT);
	}

	@ParameterizedTest
	@CsvSource({ "PERMISSION_DENIED, NO_IDENTITY", "UNAVAILABLE, UNAVAILABLE", "UNIMPLEMENTED, UNIMPLEMENTED",
			"INVALID_ARGUMENT, INVALID_REQUEST", "INTERNAL, AGENT_ERROR", "DEADLINE_EXCEEDED, TIMED_OUT",
			"CANCELLED, AGENT_ERROR" })
	void statusSaysWhyAStreamEnds(Status.Code code, WorkloadFailureReason reason) {
		CompletableFuture<Void> stream = follow();
		this.api.endStreams(code.toStatus().withDescription("for\ta reason"));
		assertThat(stream).failsWithin(Patience.LIMIT)
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(WorkloadException.class, (ex) -> assertThat(ex.reason()).isEqualTo(reason))
			.withMessage("The agent refused FetchX509SVID with status %d: for a reason", code.value());
	}

	@Test
	void agentThatGoesAwayBeforeAnUpdateIsAFailure() {
		this.api.kill();
		assertThatExceptionOfType(WorkloadException.class).isThrownBy(() -> this.client.followX509(this.updates::add));
		assertThat(this.updates).isEmpty();
	}

	@Test
	void streamThatBeginsWithoutAMessageTimesOut() throws Exception {
		try (ScriptedAgent agent = ScriptedAgent.lasting((peer) -> peer.request().grpcHeaders());
				WorkloadClient client = WorkloadClient.builder(agent.endpoint())
					.startTimeout(Duration.ofMillis(200))
					.build()) {
			CompletableFuture<Void> stream = CompletableFuture.runAsync(() -> client.followX509(this.updates::add),
					(run) -> new Thread(run).start());
			assertThat(stream).failsWithin(Patience.LIMIT)
				.withThrowableThat()
				.havingCause()
				.isInstanceOfSatisfying(WorkloadException.class,
						(ex) -> assertThat(ex.reason()).isEqualTo(WorkloadFailureReason.TIMED_OUT));
		}
	}

	@Test
	void streamWithAMessageMayBeSilentForLongerThanItsStartMayTake() {
		Duration timeout = Duration.ofSeconds(2);
		try (WorkloadClient patient = client((builder) -> builder.startTimeout(timeout))) {
			// again if it takes as long to start
			CompletableFuture<Void> stream = await().until(() -> {
				CompletableFuture<Void> one = CompletableFuture.runAsync(() -> patient.followX509(this.updates::add),
						(run) -> new Thread(run).start());
				await().until(() -> !this.updates.isEmpty() || one.isDone());
				return one;
			}, (one) -> !one.isDone());
			await().during(timeout.plusMillis(200)).until(() -> !stream.isDone());
		}
	}

	@Test
	void listenerMayCloseTheClient() {
		assertThatExceptionOfType(WorkloadException.class)
			.isThrownBy(() -> this.client.followX509((update) -> this.client.close()))
			.satisfies(WorkloadClientTests::isCancelled);
		await().untilAsserted(() -> assertThat(this.api.journal().openConnections()).isZero());
	}

	@Test
	void closeEndsEveryCallThatBeginsAtTheSameMoment() throws Exception {
		for (int i = 0; i < 50; i++) {
			WorkloadClient racing = client((builder) -> {
			});
			CompletableFuture<Void> stream = CompletableFuture.runAsync(() -> racing.followX509(this.updates::add),
					(run) -> new Thread(run).start());
			TimeUnit.MICROSECONDS.sleep(20L * i);
			racing.close();
			assertThat(stream).failsWithin(Patience.LIMIT)
				.withThrowableThat()
				.havingCause()
				.isInstanceOfSatisfying(WorkloadException.class, WorkloadClientTests::isCancelled);
		}
	}

	@Test
	void closeEndsStreamsAndRefusesCalls() {
		CompletableFuture<Void> stream = follow();
		this.client.close();
		assertThat(stream).failsWithin(Patience.LIMIT)
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(WorkloadException.class, WorkloadClientTests::isCancelled);
		assertThatExceptionOfType(WorkloadException.class)
			.isThrownBy(() -> this.client.jwtSvids(List.of("billing"), null, Duration.ofSeconds(20)))
			.withMessage("The client is closed")
			.satisfies(WorkloadClientTests::isCancelled);
		await().untilAsserted(() -> assertThat(this.api.journal().openConnections()).isZero());
	}

	@Test
	void interruptEndsAStreamAndIsKept() throws InterruptedException {
		List<Throwable> failures = new CopyOnWriteArrayList<>();
		List<Boolean> interrupted = new CopyOnWriteArrayList<>();
		Thread thread = new Thread(() -> {
			try {
				this.client.followX509(this.updates::add);
			}
			catch (WorkloadException ex) {
				failures.add(ex);
				interrupted.add(Thread.currentThread().isInterrupted());
			}
		});
		thread.start();
		await().until(() -> !this.updates.isEmpty());
		thread.interrupt();
		thread.join(Patience.MILLIS);
		assertThat(failures).singleElement()
			.isInstanceOfSatisfying(WorkloadException.class, WorkloadClientTests::isCancelled);
		assertThat(interrupted).containsExactly(true);
	}

	@Test
	void listenerThatFailsEndsItsStream() {
		assertThatIllegalStateException().isThrownBy(() -> this.client.followX509((update) -> {
			throw new IllegalStateException("no memory");
		})).withMessage("no memory");
		await().untilAsserted(() -> assertThat(this.api.journal().openConnections()).isZero());
	}

	@Test
	void everyCallHasAConnectionOfItsOwn() {
		List<CompletableFuture<Void>> streams = new ArrayList<>(List.of(follow(), follow()));
		await().untilAsserted(() -> assertThat(this.api.journal().openConnections()).isEqualTo(2));
		this.client.jwtSvids(List.of("billing"), null, Duration.ofSeconds(20));
		await().untilAsserted(() -> assertThat(this.api.journal().openConnections()).isEqualTo(2));
		this.client.close();
		assertThat(streams).allSatisfy((stream) -> assertThat(stream).failsWithin(Patience.LIMIT));
	}

	@Test
	void tokenIsValidatedByTheAgent() {
		String token = this.client.jwtSvids(List.of("billing"), null, Duration.ofSeconds(20)).get(0).svid().token();
		assertThat(this.client.validate(token, "billing", Duration.ofSeconds(20))).hasToString(ORDERS);
		assertThatExceptionOfType(WorkloadException.class)
			.isThrownBy(() -> this.client.validate(token, "other", Duration.ofSeconds(20)))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(WorkloadFailureReason.INVALID_REQUEST))
			.satisfies((ex) -> assertThat(ex).hasMessageNotContaining(token));
	}

	@ParameterizedTest
	@ValueSource(strings = { "invalid: %1$s.%2$s.%3$s", "invalid payload %2$s", "invalid signature %3$s" })
	void agentThatQuotesATokenIsNotQuoted(String message) {
		String token = "e30.eyJzdWIiOiJvcmRlcnMifQ.c2VjcmV0";
		String[] parts = token.split("\\.");
		this.api.faults()
			.failNext(WorkloadMethod.VALIDATE_JWT_SVID,
					Status.INVALID_ARGUMENT.withDescription(message.formatted(parts[0], parts[1], parts[2])));
		assertThatExceptionOfType(WorkloadException.class)
			.isThrownBy(() -> this.client.validate(token, "billing", Duration.ofSeconds(20)))
			.withMessage("The agent refused ValidateJWTSVID with a message that quotes the token")
			.withNoCause()
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(WorkloadFailureReason.INVALID_REQUEST));
	}

	@Test
	void userAgentIsPrintable() {
		client((builder) -> builder.userAgent("orders/1.0")).close();
		for (String userAgent : List.of("", " ", "a\n", "\u00e4")) {
			assertThatIllegalArgumentException().isThrownBy(() -> client((builder) -> builder.userAgent(userAgent)));
		}
	}

	@Test
	void timeoutIsPositive() {
		for (Duration timeout : List.of(Duration.ZERO, Duration.ofMillis(-1))) {
			assertThatIllegalArgumentException().isThrownBy(() -> client((builder) -> builder.startTimeout(timeout)));
		}
	}

	private CompletableFuture<Void> follow() {
		int before = this.updates.size();
		CompletableFuture<Void> stream = CompletableFuture.runAsync(() -> this.client.followX509(this.updates::add),
				(run) -> new Thread(run).start());
		await().until(() -> this.updates.size() > before);
		return stream;
	}

	private static void isCancelled(WorkloadException ex) {
		assertThat(ex.reason()).isEqualTo(WorkloadFailureReason.CANCELLED);
	}

}
