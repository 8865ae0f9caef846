package dev.psat.spire.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

import dev.psat.spire.client.TestPod.Agent;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.psat.spire.client.SpireServerContract.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for clients that share the one attestation per second and address of a server.
 */
class ClientQueueTests {

	private static final Executor THREAD_PER_TASK = (task) -> new Thread(task).start();

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder().workload(this.kubelet).build();

	@AutoClose
	private final TestPod patient = new TestPod(this.server, this.kubelet);

	@AutoClose
	private final TestPod hasty = new TestPod(this.server, this.kubelet,
			(client) -> client.attestTimeout(Duration.ofSeconds(5)));

	/**
	 * So many that the queue is long, however long it takes to make it.
	 */
	@Test
	void attestationsWaitInTheQueueAndOneThatHasLessTimeIsRefusedAtOnce() throws Exception {
		this.patient.refresh();
		this.hasty.refresh();
		long start = System.nanoTime();
		List<CompletableFuture<Agent>> attestations = IntStream.range(0, 40)
			.mapToObj((index) -> CompletableFuture.supplyAsync(this.patient::attest, THREAD_PER_TASK))
			.toList();
		await().until(() -> this.server.journal().calls(SpireMethod.ATTEST_AGENT) == 40);
		// if it waited, it would time out
		assertFails(this.hasty::attest, FailureReason.RATE_LIMITED);
		assertThat(this.server.journal().refusals()).hasSize(1);
		await().until(() -> attestations.stream().filter(CompletableFuture::isDone).count() >= 3);
		assertThat(since(start)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
		this.patient.close();
		CompletableFuture.allOf(attestations.toArray(CompletableFuture[]::new)).handle((all, failure) -> all).join();
		assertThat(attestations).anyMatch(CompletableFuture::isCompletedExceptionally);
	}

	private static Duration since(long nanoTime) {
		return Duration.ofNanos(System.nanoTime() - nanoTime);
	}

}
