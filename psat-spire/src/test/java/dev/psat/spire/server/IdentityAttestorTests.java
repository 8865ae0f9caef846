package dev.psat.spire.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.PsatAttestor;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import dev.psat.support.RunningThreads;
import dev.psat.token.ProjectedToken;
import dev.psat.token.TokenListener;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenStatus;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Attestors, sources and observers of the application's own, which do what they should
 * not.
 */
@ExtendWith(OutputCaptureExtension.class)
class IdentityAttestorTests {

	private static final String SECRET = "eyJhbGciOiJub25lIn0";

	@RegisterExtension
	private final IdentityFixture fixture = new IdentityFixture();

	@Test
	void errorOfAnAttestorIsToldByItsTypeAlone(CapturedOutput output) throws IOException {
		this.fixture.serve(this.fixture.workload());
		this.fixture.start(this.fixture.builder(() -> {
			throw new AssertionError(SECRET, new IllegalStateException(SECRET));
		}));
		this.fixture.awaitReason("UNEXPECTED");
		assertThat(this.fixture.lastError().message()).contains("java.lang.AssertionError").doesNotContain(SECRET);
		assertThat(this.fixture.lastError().advice()).contains("PsatAttestor");
		this.fixture.identity().close();
		assertThat(output).contains("java.lang.AssertionError").doesNotContain(SECRET);
	}

	@Test
	void errorOfASourceIsNotToldEither(CapturedOutput output) throws IOException {
		this.fixture.serve(this.fixture.workload());
		this.fixture.pod().write(this.fixture.anotherPod().token().getBytes(StandardCharsets.US_ASCII));
		TokenSource source = this.fixture.blindSource(this.fixture.pod());
		this.fixture.start(this.fixture.builder(IdentityFixture.attestor(source)).tokenSource(new TokenSource() {

			@Override
			public ProjectedToken current() {
				return source.current();
			}

			@Override
			public TokenStatus refresh() {
				throw new AssertionError(SECRET);
			}

		}));
		this.fixture.awaitReason(FailureReason.TOKEN_REVIEW_FAILED);
		this.fixture.await().until(() -> this.fixture.calls(SpireMethod.ATTEST_AGENT) > 1);
		this.fixture.identity().close();
		assertThat(output).contains("TOKEN_REVIEW_FAILED").doesNotContain(SECRET);
	}

	@Test
	void whileASourceHangsInARefreshItIsNotAskedAgainAndEverythingElseGoesOn() throws IOException {
		this.fixture.serve(this.fixture.workload());
		HangingSource source = refusedSource();
		this.fixture.start(this.fixture.builder(IdentityFixture.attestor(source)).tokenSource(source));
		this.fixture.awaitReason(FailureReason.TOKEN_REVIEW_FAILED);
		this.fixture.await().until(() -> source.refreshes.get() == 1);
		this.fixture.awaitVisits(1);
		assertThat(source.refreshes).hasValue(1);
		this.fixture.pod().rotate();
		source.go.complete(null);
		this.fixture.awaitState(SpireState.READY);
	}

	@Test
	void refreshThatHangsEndsWithTheIdentity() throws IOException {
		this.fixture.serve(this.fixture.workload());
		HangingSource source = refusedSource();
		SpireIdentity identity = this.fixture
			.start(this.fixture.builder(IdentityFixture.attestor(source)).tokenSource(source));
		this.fixture.await().until(() -> source.refreshes.get() == 1);
		assertThat(RunningThreads.named("psat-spire-token")).hasSize(1);
		identity.stop();
		assertThat(RunningThreads.named("psat-spire-token")).isEmpty();
		identity.start();
		this.fixture.await().until(() -> source.refreshes.get() == 2);
	}

	@Test
	void attestorThatLeavesItsThreadInterruptedKeepsNothingFromGoingOn() throws IOException {
		this.fixture.serve(this.fixture.workload());
		PsatAttestor attestor = IdentityFixture.attestor(this.fixture.source(this.fixture.pod()));
		this.fixture.ready(this.fixture.builder(() -> {
			Thread.currentThread().interrupt();
			return attestor.payload();
		}));
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
	}

	@Test
	void visitThatOutlivesItsStopIsWaitedForByTheNextOne() throws Exception {
		this.fixture.serve(this.fixture.workload());
		CompletableFuture<Void> go = new CompletableFuture<>();
		SpireIdentity identity = this.fixture.build(this.fixture.builder());
		AtomicInteger visits = new AtomicInteger();
		identity.addObserver(new SpireObserver() {

			@Override
			public void refreshed(String outcome) {
				if (visits.incrementAndGet() == 1) {
					IdentityAttestorTests.this.fixture.time().hangStubbornly(go);
				}
			}

		});
		identity.start();
		this.fixture.await().until(() -> visits.get() == 1);
		identity.stop();
		identity.start();
		Awaitility.await().until(IdentityAttestorTests::isWaitingForAnother);
		assertThat(visits).hasValue(1);
		assertThat(this.fixture.calls(SpireMethod.GET_BUNDLE)).isEqualTo(1);
		// this one waits as well, and can be stopped
		identity.stop();
		identity.start();
		go.complete(null);
		this.fixture.awaitState(SpireState.READY);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
	}

	private static boolean isWaitingForAnother() {
		return RunningThreads.named("psat-spire")
			.stream()
			.flatMap((thread) -> Arrays.stream(thread.getStackTrace()))
			.anyMatch((frame) -> frame.getMethodName().equals("lockInterruptibly"));
	}

	@Test
	void observerThatLeavesItsThreadInterruptedKeepsNothingFromGoingOn() throws IOException {
		this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.build(this.fixture.builder());
		identity.addObserver(new SpireObserver() {

			@Override
			public Ending requesting(Request request) {
				return (outcome) -> Thread.currentThread().interrupt();
			}

			@Override
			public void x509SvidRequested(String outcome) {
				Thread.currentThread().interrupt();
			}

			@Override
			public void refreshed(String outcome) {
				Thread.currentThread().interrupt();
			}

		});
		identity.start();
		this.fixture.awaitState(SpireState.READY);
		this.fixture.time().pass(Duration.ofMinutes(50));
		this.fixture.await().until(() -> this.fixture.generation() == 2);
		this.fixture.awaitVisits(2);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
		assertThat(this.fixture.outcomes()).isNotEmpty()
			.allSatisfy((outcome) -> assertThat(outcome).endsWith(" success"));
		assertThat(this.fixture.status().lastError()).isNull();
	}

	@Test
	void observerThatPassesOnTheInterruptOfAStopEndsTheVisit(CapturedOutput output) throws Exception {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		CountDownLatch waiting = new CountDownLatch(1);
		identity.addObserver(new SpireObserver() {

			@Override
			public void refreshed(String outcome) {
				server.faults().hang();
				waiting.countDown();
				try {
					IdentityAttestorTests.this.fixture.time().hang(new CompletableFuture<>());
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}

		});
		this.fixture.await().until(() -> waiting.getCount() == 0);
		identity.close();
		assertThat(output).doesNotContain("has not ended yet");
	}

	@Test
	void visitThatAStrangerCancelsFailsAsAnyOther(CapturedOutput output) throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		server.faults().hang();
		Awaitility.await().until(() -> {
			RunningThreads.named("psat-spire").forEach(Thread::interrupt);
			return identity.status().lastError() != null;
		});
		assertThat(this.fixture.lastError().reason()).isEqualTo("CANCELLED");
		assertThat(identity.status().state()).isEqualTo(SpireState.READY);
		server.faults().resume();
		this.fixture.await().until(() -> identity.status().lastError() == null);
		identity.close();
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN") && line.contains("CANCELLED")))
			.hasSize(1);
	}

	/**
	 * A source that only looks on demand, with a token that the server refuses.
	 */
	private HangingSource refusedSource() throws IOException {
		this.fixture.pod().write(this.fixture.anotherPod().token().getBytes(StandardCharsets.US_ASCII));
		return new HangingSource(this.fixture.blindSource(this.fixture.pod()));
	}

	/**
	 * A source that hangs when it is refreshed.
	 */
	private final class HangingSource implements TokenSource {

		private final TokenSource delegate;

		private final CompletableFuture<Void> go = new CompletableFuture<>();

		private final AtomicInteger refreshes = new AtomicInteger();

		private HangingSource(TokenSource delegate) {
			this.delegate = delegate;
		}

		@Override
		public ProjectedToken current() {
			return this.delegate.current();
		}

		@Override
		public TokenStatus refresh() {
			this.refreshes.incrementAndGet();
			try {
				IdentityAttestorTests.this.fixture.time().hang(this.go);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return this.delegate.refresh();
		}

		@Override
		public void addListener(TokenListener listener) {
			this.delegate.addListener(listener);
		}

		@Override
		public void removeListener(TokenListener listener) {
			this.delegate.removeListener(listener);
		}

	}

}
