package dev.psat.spire.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.PsatAttestor;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.internal.VisitReport;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import dev.psat.support.HangingLog;
import dev.psat.support.Patience;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link VisitReport}.
 */
@ExtendWith(OutputCaptureExtension.class)
class VisitReportTests {

	@RegisterExtension
	private final IdentityFixture fixture = new IdentityFixture();

	@Test
	void failureIsToldOnceAndThatItIsOver(@TempDir Path directory, CapturedOutput output) throws Exception {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().serviceAccount("shop", "orders").build();
				SimulatedSpireServer server = SimulatedSpireServer.builder()
					.workload(kubelet, "demo")
					.entryCacheReload(Duration.ofMillis(200))
					.build()) {
			kubelet.removeToken();
			Path bundle = directory.resolve("bundle.jwks");
			server.trustBundle().writeTo(bundle);
			// not before: a source looks as soon as it is built, and serves what it has
			// seen
			try (TokenSource source = TokenSource.builder(kubelet.tokenPath()).audience("spire-server").build();
					SpireIdentity identity = SpireServerIdentity
						.builder(PsatAttestor.of("demo", source, List.of("spire-server")))
						.server(ServerAddress.parse(server.address()))
						.trustDomain(TrustDomain.of(server.trustDomain()))
						.trustBundle(bundle)
						.tokenSource(source)
						.refreshInterval(Duration.ofMillis(100))
						.build()) {
				identity.start();
				await().until(() -> identity.status().lastError() != null);
				kubelet.rotate();
				source.refresh();
				await().until(() -> identity.status().state() == SpireState.READY);
				await().untilAsserted(() -> assertThat(lines(output, "TOKEN_UNAVAILABLE")).satisfiesExactly(
						(line) -> assertThat(line).contains("WARN"), (line) -> assertThat(line).contains("INFO")
							.endsWith("Visits to the SPIRE Server succeed again (last failure: TOKEN_UNAVAILABLE)")));
				assertThat(lines(output, "succeed again")).hasSize(1);
			}
		}
	}

	@Test
	void failureThatComesAndGoesIsToldOnce(CapturedOutput output) throws Exception {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		EveryOtherVisit failing = new EveryOtherVisit(server);
		identity.addObserver(failing);
		this.fixture.await().until(() -> failing.visits.get() > 6);
		assertThat(lines(output, "DATASTORE_FAILED")).satisfiesExactly((line) -> assertThat(line).contains("WARN"));
		failing.over = true;
		this.fixture.await()
			.untilAsserted(() -> assertThat(lines(output, "DATASTORE_FAILED")).satisfiesExactly(
					(line) -> assertThat(line).contains("WARN"),
					(line) -> assertThat(line).contains("INFO", "succeed again")));
	}

	@Test
	void successIsPublishedBeforeItIsLogged() {
		List<String> published = new CopyOnWriteArrayList<>();
		VisitReport report = new VisitReport(new VisitReport.Publication() {

			@Override
			public void succeeded() {
				published.add("success");
			}

			@Override
			public void failed(VisitException failure) {
				published.add(failure.reason());
			}

		}, "Visits", 1);
		report.failed(new VisitException(VisitException.OwnReason.NO_ENTRY, "on purpose", "None."));
		CompletableFuture<Void> success;
		try (HangingLog log = new HangingLog(SpireIdentity.class.getName(), "Visits succeed again")) {
			success = CompletableFuture.runAsync(report::succeeded, (task) -> new Thread(task).start());
			log.awaitHanging();
			assertThat(published).containsExactly("NO_ENTRY", "success");
		}
		assertThat(success).succeedsWithin(Patience.LIMIT);
	}

	private static List<String> lines(CapturedOutput output, String part) {
		return output.toString()
			.lines()
			.filter((line) -> line.contains(SpireIdentity.class.getName()) && line.contains(part))
			.toList();
	}

	/**
	 * Lets every other visit fail.
	 */
	private static final class EveryOtherVisit implements SpireObserver {

		private final SimulatedSpireServer server;

		private final AtomicInteger visits = new AtomicInteger();

		private volatile boolean over;

		private EveryOtherVisit(SimulatedSpireServer server) {
			this.server = server;
		}

		@Override
		public void refreshed(String outcome) {
			boolean failing = this.visits.incrementAndGet() % 2 == 0 && !this.over;
			this.server.faults()
				.failAll(SpireMethod.GET_AUTHORIZED_ENTRIES,
						failing ? Status.INTERNAL.withDescription("failed to fetch entries") : null);
		}

	}

}
