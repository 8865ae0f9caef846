package dev.psat.token;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.psat.concurrent.internal.Time;
import dev.psat.support.Leftovers;
import dev.psat.support.Matrix;
import dev.psat.support.MutableClock;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The file system does not answer.
 */
@Matrix
class HangTortureTests extends SourceTorture {

	private static final String SILENCE = "has not answered since";

	private final Leftovers leftovers = new Leftovers();

	@AutoClose
	SimulatedKubelet kubelet;

	@AutoClose
	HangingFile file;

	private final MutableClock clock = MutableClock.running();

	private final List<String> told = new CopyOnWriteArrayList<>();

	@BeforeEach
	void setUp() throws Exception {
		this.kubelet = SimulatedKubelet.builder().directory(this.directory.resolve("kubelet")).build();
		this.file = new HangingFile(this.directory, this.kubelet.token());
		this.source = source(Duration.ofMillis(700));
	}

	/**
	 * Before the source is closed, which would wait for the thread.
	 */
	@AfterEach
	void release() throws Exception {
		this.file.release();
	}

	@Test
	void silenceIsProblemAndTheTokenIsServed() throws Exception {
		startAndHang();
		TokenStatus status = this.source.status();
		assertThat(status.sourceState()).isEqualTo(SourceState.UNREADABLE);
		assertThat(status.tokenState()).isEqualTo(TokenState.VALID);
		assertThat(status.advice()).contains("network file system", "FIFO");
		assertThat(this.source.value()).isEqualTo(this.kubelet.token());
		soon().untilAsserted(() -> assertThat(this.told).last().isEqualTo("VALID UNREADABLE"));
		soon().untilAsserted(
				() -> assertThat(this.log.warnings()).filteredOn((line) -> line.contains(SILENCE)).hasSize(1));
		// it would wait for two
		assertQuick(Duration.ofMillis(1900), () -> assertThat(this.source.refresh().message()).contains(SILENCE));
	}

	@Test
	void everythingContinuesWhenTheLookReturns() throws Exception {
		startAndHang();
		this.file.release();
		awaitState(SourceState.OK);
		soon().untilAsserted(() -> assertThat(this.told).last().isEqualTo("VALID OK"));
		soon().untilAsserted(() -> assertThat(RunningThreads.beginningWith("psat-token-")).extracting(Thread::getName)
			.containsOnly("psat-token-watch", "psat-token-read"));
		String next = this.kubelet.rotate();
		Files.writeString(this.file.regular(), next);
		awaitToken(next);
	}

	@Test
	void clockIsFollowedMeanwhile() throws Exception {
		startAndHang();
		this.clock.setAhead(Duration.ofMinutes(12));
		soon().untilAsserted(() -> assertThat(this.told).last().isEqualTo("EXPIRED UNREADABLE"));
		assertThat(this.source.status().tokenState()).isEqualTo(TokenState.EXPIRED);
		this.clock.setAhead(Duration.ZERO);
		soon().untilAsserted(() -> assertThat(this.told).last().isEqualTo("VALID UNREADABLE"));
	}

	@Test
	void clockThatFailsMeanwhileSilencesNobody() throws Exception {
		startAndHang();
		this.clock.setFailing(true);
		soon().untilAsserted(
				() -> assertThat(this.log.warnings()).filteredOn((line) -> line.contains("after an unexpected error"))
					.hasSize(1));
		this.clock.setAhead(Duration.ofMinutes(12));
		this.clock.setFailing(false);
		soon().untilAsserted(() -> assertThat(this.told).last().isEqualTo("EXPIRED UNREADABLE"));
	}

	@Test
	void lookThatComesBackIsJudgedByTheClockOfThen() throws Exception {
		startAndHang();
		this.clock.setAhead(Duration.ofMinutes(12));
		try (SimulatedKubelet later = SimulatedKubelet.builder()
			.directory(this.directory.resolve("later"))
			.clock(this.clock)
			.build()) {
			Files.writeString(this.file.regular(), later.token());
			this.file.release();
			soon().until(() -> this.source.status().tokenState() == TokenState.VALID);
			assertThat(this.source.value()).isEqualTo(later.token());
			assertThat(Shown.watch(this.source.status()).lastCheckedAt())
				.isAfter(this.clock.instant().minusSeconds(60));
		}
	}

	@Test
	void callersWithoutATokenAreRefusedAtOnce() throws Exception {
		startAndHang();
		this.clock.setAhead(Duration.ofMinutes(12));
		ExecutorService callers = Executors.newFixedThreadPool(64);
		AtomicInteger refused = new AtomicInteger();
		long start = System.nanoTime();
		for (int caller = 0; caller < 10_000; caller++) {
			callers.execute(() -> {
				assertThatExceptionOfType(TokenUnavailableException.class).isThrownBy(this.source::current)
					.withMessageContaining(SILENCE);
				refused.incrementAndGet();
			});
		}
		callers.shutdown();
		assertThat(callers.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
		assertThat(refused).hasValue(10_000);
		// each would wait half a second, 64 at a time
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
	}

	@Test
	void stopLeavesNothingButTheThreadThatHangs() throws Exception {
		startAndHang();
		this.source.lookInBackground();
		this.source.stop();
		assertThat(Shown.watch(this.source.status()).mode()).isEqualTo(WatchMode.STOPPED);
		soon().untilAsserted(() -> assertThat(RunningThreads.beginningWith("psat-token-")).hasSize(1));
		this.source.start();
		this.clock.setAhead(Duration.ofMinutes(12));
		soon().untilAsserted(() -> assertThat(this.told).last().isEqualTo("EXPIRED UNREADABLE"));
		this.source.close();
		soon().untilAsserted(() -> assertThat(RunningThreads.beginningWith("psat-token-")).hasSize(1));
		this.file.release();
		this.leftovers.expectNone();
	}

	@Test
	void sourceThatWasNeverStartedSaysSoToo() throws Exception {
		this.source.addListener(this::tell);
		this.file.hang(() -> {
			this.source.lookInBackground();
			return isHanging();
		});
		soon().untilAsserted(() -> assertThat(this.told).last().asString().endsWith("UNREADABLE"));
		this.source.close();
		soon().untilAsserted(() -> assertThat(RunningThreads.beginningWith("psat-token-")).hasSize(1));
		this.file.release();
		this.leftovers.expectNone();
	}

	@Test
	void patienceIsTwoSeconds() throws Exception {
		this.source = source(Intervals.withPoll(NEVER).lookPatience());
		long start = System.nanoTime();
		startAndHang();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
	}

	private void startAndHang() throws Exception {
		this.source.addListener(this::tell);
		this.source.start();
		awaitToken(this.kubelet.token());
		this.file.hang(this::isHanging);
	}

	/**
	 * Whether a thread has been waiting in the kernel: a look that the machine kept from
	 * going on is silent, too, but comes back by itself.
	 */
	private boolean isHanging() {
		return isSilent() && isOpening() && isSilent();
	}

	private static boolean isOpening() {
		return RunningThreads.beginningWith("psat-token-")
			.stream()
			.flatMap((thread) -> Stream.of(thread.getStackTrace()).limit(1))
			.anyMatch((frame) -> frame.isNativeMethod() && frame.getMethodName().startsWith("open"));
	}

	private boolean isSilent() {
		String message = this.source.status().message();
		return message != null && message.contains(SILENCE);
	}

	private void tell(TokenStatus previous, TokenStatus current) {
		this.told.add(current.tokenState() + " " + current.sourceState());
	}

	private FileTokenSource source(Duration lookPatience) {
		Intervals intervals = Intervals.withPoll(Duration.ofMillis(2));
		return new FileTokenSource(this.file.path(), judge(), true, Time.of(this.clock),
				new Intervals(intervals.poll(), intervals.clockCheck(), Duration.ofMillis(100), intervals.settling(),
						intervals.unrest(), intervals.confirmation(), intervals.eventGrace(), intervals.watchRetry(),
						intervals.watchPatience(), lookPatience, intervals.patience()));
	}

	private static void assertQuick(Duration limit, Runnable action) {
		// unless the machine is busy, just then
		soon().until(() -> {
			long start = System.nanoTime();
			action.run();
			return System.nanoTime() - start < limit.toNanos();
		});
	}

}
