package dev.psat.token;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.concurrent.internal.Time;
import dev.psat.support.MutableClock;
import dev.psat.support.Patience;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for {@link FileTokenSource}.
 */
class FileTokenSourceTests {

	@TempDir
	Path directory;

	@AutoClose
	SimulatedKubelet kubelet;

	@AutoClose
	FileTokenSource source;

	private final List<LookOutcome> outcomes = new CopyOnWriteArrayList<>();

	@BeforeEach
	void setUp() {
		this.kubelet = SimulatedKubelet.builder().directory(this.directory).build();
		this.source = source(this.kubelet.tokenPath(), patient(Duration.ofHours(1)));
	}

	@Test
	void isEmptyBeforeTheFirstLook() {
		TokenStatus status = this.source.status();
		assertThat(status.tokenState()).isEqualTo(TokenState.NONE);
		assertThat(status.sourceState()).isNull();
		assertThat(Shown.watch(status).mode()).isEqualTo(WatchMode.STOPPED);
		assertThat(Shown.watch(status).lastCheckedAt()).isNull();
		assertThat(Shown.watch(status).path()).isEqualTo(this.kubelet.tokenPath());
	}

	@Test
	void looksWhenAskedBeforeStart() {
		assertThat(this.source.value()).isEqualTo(this.kubelet.token());
		assertThat(Snapshot.generation(this.source.status())).isEqualTo(1);
		assertThat(Shown.watch(this.source.status()).lastRotatedAt()).isNull();
		assertThat(Shown.watch(this.source.status()).mode()).isEqualTo(WatchMode.STOPPED);
	}

	@Test
	void looksAtEachQuestionBeforeStart() {
		this.source.value();
		String token = this.kubelet.rotate();
		assertThat(this.source.value()).isEqualTo(token);
	}

	@Test
	void startWaitsForTheFirstLook() {
		this.source.start();
		assertThat(this.source.status().sourceState()).isEqualTo(SourceState.OK);
	}

	@Test
	void startedSourceIsNeverSaidToBeStopped() {
		this.source.refresh();
		this.source.start();
		assertThat(Shown.watch(this.source.status()).mode()).isNotEqualTo(WatchMode.STOPPED);
	}

	@Test
	void noticesRotationsByEvents() {
		this.source = source(this.kubelet.tokenPath(), patient(Duration.ofHours(1)));
		this.source.start();
		awaitMode(WatchMode.EVENTS);
		for (int rotation = 1; rotation <= 5; rotation++) {
			String token = this.kubelet.rotate();
			await().until(() -> this.source.value().equals(token));
			assertThat(Shown.watch(this.source.status()).rotations()).isEqualTo(rotation);
		}
		assertThat(Shown.watch(this.source.status()).missedEvents()).isZero();
		assertThat(Shown.watch(this.source.status()).lastRotatedAt()).isNotNull();
	}

	@Test
	void noticesRotationsByPollingAlone() {
		this.source = new FileTokenSource(this.kubelet.tokenPath(), judge(), false, Time.ofSystem(),
				patient(Duration.ofMillis(20)));
		this.source.start();
		awaitMode(WatchMode.POLLING);
		String token = this.kubelet.rotate();
		await().until(() -> this.source.value().equals(token));
	}

	@Test
	void keepsTheTokenThroughEveryFailure() {
		this.source.start();
		String token = this.source.value();
		this.kubelet.removeToken();
		awaitState(SourceState.MISSING);
		this.kubelet.write("no token".getBytes(StandardCharsets.US_ASCII));
		awaitState(SourceState.MALFORMED);
		this.kubelet.rotateWithAudience("vault");
		awaitState(SourceState.WRONG_AUDIENCE);
		assertThat(this.source.status().message()).contains("\"vault\"");
		this.kubelet.rotateExpired();
		awaitState(SourceState.STALE);
		this.kubelet.rotateNotYetValid(Duration.ofMinutes(10));
		assertThat(this.source.refresh().sourceState()).isEqualTo(SourceState.STALE);
		assertThat(this.source.value()).isEqualTo(token);
		assertThat(Snapshot.generation(this.source.status())).isEqualTo(1);
		assertThat(Shown.watch(this.source.status()).rejectedReads()).isEqualTo(3);
		assertThat(this.outcomes).contains(LookOutcome.MISSING, LookOutcome.MALFORMED, LookOutcome.WRONG_AUDIENCE,
				LookOutcome.STALE);
		String next = this.kubelet.rotate();
		awaitState(SourceState.OK);
		assertThat(this.source.value()).isEqualTo(next);
		assertThat(this.source.status().message()).isNull();
	}

	@Test
	void sameProblemIsOneOutcome() {
		this.kubelet.removeToken();
		assertThatExceptionOfType(TokenUnavailableException.class).isThrownBy(this.source::current);
		this.source.refresh();
		this.source.refresh();
		assertThat(this.outcomes).containsExactly(LookOutcome.MISSING, LookOutcome.UNCHANGED, LookOutcome.UNCHANGED);
	}

	@Test
	void refusalSaysWhyAndWhatToDo() {
		this.kubelet.removeToken();
		assertThatExceptionOfType(TokenUnavailableException.class).isThrownBy(this.source::value)
			.withMessage("No token in force at %1$s: There is no file %1$s", this.kubelet.tokenPath())
			.satisfies((ex) -> {
				assertThat(ex.tokenState()).isEqualTo(TokenState.NONE);
				assertThat(ex.sourceState()).isEqualTo(SourceState.MISSING);
				assertThat(ex.advice()).contains("serviceAccountToken", "SimulatedKubeletConfiguration");
			});
	}

	@Test
	void takesATokenOfAnyValidityWhenNoneIsInForce() {
		this.kubelet.rotateExpired();
		assertThat(this.source.refresh().tokenState()).isEqualTo(TokenState.EXPIRED);
		assertThat(Snapshot.generation(this.source.status())).isEqualTo(1);
		this.kubelet.rotateNotYetValid(Duration.ofMinutes(10));
		assertThat(this.source.refresh().tokenState()).isEqualTo(TokenState.NOT_YET_VALID);
		assertThat(Snapshot.generation(this.source.status())).isEqualTo(2);
		assertThatExceptionOfType(TokenUnavailableException.class).isThrownBy(this.source::value);
	}

	@Test
	void findsATokenThatArrivesLate() {
		this.kubelet.removeToken();
		this.source.start();
		assertThat(this.source.status().sourceState()).isEqualTo(SourceState.MISSING);
		String token = this.kubelet.rotate();
		await().until(() -> this.source.status().tokenState() == TokenState.VALID);
		assertThat(this.source.value()).isEqualTo(token);
	}

	@Test
	void waitsForAPlainFileToRest() throws IOException {
		Path file = this.directory.resolve("plain");
		Files.writeString(file, this.kubelet.token());
		keepFromGettingOld(file);
		this.source = source(file, patient(Duration.ofSeconds(5)));
		long start = System.nanoTime();
		assertThat(this.source.value()).isEqualTo(this.kubelet.token());
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
		assertThat(this.outcomes).containsExactly(LookOutcome.UNCHANGED, LookOutcome.ACCEPTED);
	}

	@Test
	void refreshWaitsUntilProblemIsCertain() {
		this.source.refresh();
		this.kubelet.removeToken();
		assertThat(this.source.refresh().sourceState()).isEqualTo(SourceState.MISSING);
	}

	@Test
	void saysWhenThePathIsPinned() {
		assumeLinux();
		this.source = source(this.kubelet.subPath(), patient(Duration.ofMillis(50)));
		this.source.start();
		this.kubelet.rotate();
		awaitState(SourceState.PINNED);
		assertThat(this.source.status().advice()).contains("subPath");
		assertThat(this.source.status().tokenState()).isEqualTo(TokenState.VALID);
	}

	@Test
	void servesItsTokenWhenStoppedAndStartsAgain() {
		this.source.start();
		String token = this.source.value();
		this.source.stop();
		assertThat(Shown.watch(this.source.status()).mode()).isEqualTo(WatchMode.STOPPED);
		String next = this.kubelet.rotate();
		assertThat(this.source.value()).isEqualTo(token);
		this.source.start();
		this.source.start();
		await().until(() -> this.source.value().equals(next));
	}

	@Test
	void startAfterStopWaitsForALookOfItsOwn() {
		this.source.start();
		for (int restart = 0; restart < 50; restart++) {
			this.source.stop();
			String next = this.kubelet.rotate();
			this.source.start();
			assertThat(this.source.value()).isEqualTo(next);
		}
		this.source.stop();
		this.kubelet.removeToken();
		this.source.start();
		assertThat(this.source.status().sourceState()).isEqualTo(SourceState.MISSING);
	}

	@Test
	void interruptedCallerWaitsForTheLookAndStaysInterrupted() throws IOException {
		Path file = Files.writeString(this.directory.resolve("plain"), this.kubelet.token());
		this.source = source(file, patient(Duration.ofSeconds(5)));
		Thread.currentThread().interrupt();
		assertThat(this.source.value()).isEqualTo(this.kubelet.token());
		assertThat(Thread.interrupted()).isTrue();
		Files.delete(file);
		Thread.currentThread().interrupt();
		assertThat(this.source.refresh().sourceState()).isEqualTo(SourceState.MISSING);
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void callerThatWaitsWhileTheSourceIsClosedIsToldSo() throws Exception {
		Path file = Files.writeString(this.directory.resolve("plain"), this.kubelet.token());
		keepFromGettingOld(file);
		Intervals intervals = Intervals.withPoll(Duration.ofSeconds(5));
		this.source = source(file,
				new Intervals(intervals.poll(), intervals.clockCheck(), intervals.problemPoll(), Duration.ofMinutes(1),
						intervals.unrest(), intervals.confirmation(), intervals.eventGrace(), intervals.watchRetry(),
						intervals.watchPatience(), intervals.lookPatience(), Duration.ofSeconds(2)));
		CompletableFuture<String> value = CompletableFuture.supplyAsync(this.source::value);
		SourceTorture.soon().until(() -> Shown.watch(this.source.status()).lastCheckedAt() != null);
		this.source.close();
		assertThat(value).failsWithin(Patience.LIMIT)
			.withThrowableThat()
			.withCauseInstanceOf(IllegalStateException.class)
			.withMessageContaining("closed");
	}

	@Test
	void clockThatFailsIsWarnedOfOncePerIncident() {
		MutableClock clock = MutableClock.running();
		clock.setFailing(true);
		Intervals intervals = Intervals.withPoll(Duration.ofMillis(5));
		try (SourceLog log = new SourceLog();
				FileTokenSource source = new FileTokenSource(this.kubelet.tokenPath(), judge(), true, Time.of(clock),
						new Intervals(intervals.poll(), intervals.clockCheck(), intervals.poll(), intervals.settling(),
								intervals.unrest(), intervals.confirmation(), intervals.eventGrace(),
								intervals.watchRetry(), intervals.watchPatience(), intervals.lookPatience(),
								intervals.patience()))) {
			AtomicInteger looks = new AtomicInteger();
			source.addObserver((outcome, sinceCause) -> looks.incrementAndGet());
			source.start();
			assertThatIllegalStateException().isThrownBy(source::refresh).withMessage("on purpose");
			clock.setFailing(false);
			await().until(() -> looks.get() > 3);
			assertThat(log.warnings()).hasSize(1);
			clock.setFailing(true);
			await().until(() -> log.warnings().size() == 2);
			clock.setFailing(false);
			int before = looks.get();
			await().until(() -> looks.get() > before + 3);
			assertThat(log.warnings()).hasSize(2);
		}
	}

	@Test
	void closedSourceRefuses() {
		this.source.start();
		this.source.close();
		this.source.close();
		assertThatIllegalStateException().isThrownBy(this.source::current);
		assertThatIllegalStateException().isThrownBy(this.source::refresh);
		assertThatIllegalStateException().isThrownBy(this.source::start);
		assertThatIllegalStateException().isThrownBy(() -> this.source.addListener((previous, current) -> {
		}));
		assertThat(Shown.watch(this.source.status()).mode()).isEqualTo(WatchMode.STOPPED);
	}

	@Test
	void builderRefusesNonsense() {
		TokenSourceBuilder builder = TokenSource.builder(this.directory);
		assertThatIllegalArgumentException().isThrownBy(() -> builder.clockSkew(Duration.ofSeconds(-1)));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.pollInterval(Duration.ofMillis(99)));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.pollInterval(Duration.ofHours(24).plusNanos(1)));
	}

	@Test
	void everyObserverIsNotifiedThoughOneFails() {
		List<LookOutcome> told = new CopyOnWriteArrayList<>();
		try (TokenSource built = TokenSource.builder(this.kubelet.tokenPath()).observer((outcome, sinceCause) -> {
			throw new IllegalStateException("on purpose");
		}).observer((outcome, sinceCause) -> told.add(outcome)).build()) {
			built.value();
			await().until(() -> told.contains(LookOutcome.ACCEPTED));
		}
	}

	@Test
	void builtSourceLooksInTheBackground() {
		try (TokenSource built = TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build()) {
			await().until(() -> built.status().tokenState() == TokenState.VALID);
		}
	}

	private void awaitState(SourceState state) {
		await().until(() -> this.source.status().sourceState() == state);
	}

	private void awaitMode(WatchMode mode) {
		await().until(() -> Shown.watch(this.source.status()).mode() == mode);
	}

	/**
	 * A file that has been unchanged for a second need not rest, but has to be in the
	 * past.
	 */
	private static void keepFromGettingOld(Path file) throws IOException {
		Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(3600)));
	}

	private void observe(LookOutcome outcome, Duration sinceCause) {
		this.outcomes.add(outcome);
	}

	private FileTokenSource source(Path path, Intervals intervals) {
		FileTokenSource source = new FileTokenSource(path, judge(), true, Time.ofSystem(), intervals);
		source.addObserver(this::observe);
		return source;
	}

	/**
	 * Those of any source, but for all patience: on a busy machine, a look may take
	 * longer.
	 */
	private static Intervals patient(Duration poll) {
		return SourceTorture.patientIntervals(poll, Duration.ofSeconds(10));
	}

	private static TokenJudge judge() {
		return new TokenJudge(List.of("spire-server"), Duration.ofSeconds(60));
	}

	private static void assumeLinux() {
		assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "PINNED needs /proc/self/fd");
	}

}
