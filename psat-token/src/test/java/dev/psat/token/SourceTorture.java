package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.psat.concurrent.internal.Time;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;

/**
 * A source to torture, which a subclass creates, its directory, and what it logs.
 */
abstract class SourceTorture {

	/** So long that nothing can be owed to a poll. */
	static final Duration NEVER = Duration.ofHours(1);

	/** So long that no event counts as missed because the machine is busy. */
	static final Duration EVENT_GRACE = Duration.ofSeconds(5);

	private static final Duration WATCH_PATIENCE = Duration.ofSeconds(10);

	@TempDir(factory = InMemory.class)
	Path directory;

	@AutoClose
	final SourceLog log = new SourceLog();

	@AutoClose
	@SuppressWarnings("NullAway.Init") // set before each test
	FileTokenSource source;

	/** Of the sources that count them. */
	final AtomicLong looks = new AtomicLong();

	final FileTokenSource countingSource(Path path) {
		return countingSource(path, patientIntervals(NEVER));
	}

	final FileTokenSource countingSource(Path path, Intervals intervals) {
		return source(path, intervals, (outcome, sinceCause) -> this.looks.incrementAndGet());
	}

	final void awaitToken(String token) {
		soon().until(() -> this.source.status().token() != null && this.source.value().equals(token));
	}

	final void awaitState(SourceState state) {
		soon().until(() -> this.source.status().sourceState() == state);
	}

	/**
	 * No look for a while: nothing that happens is an event.
	 */
	final void awaitQuiet() {
		AtomicLong before = new AtomicLong(-1);
		soon().pollInterval(Duration.ofMillis(100)).until(() -> before.getAndSet(this.looks.get()) == this.looks.get());
	}

	/**
	 * Return a source that has not looked yet and never polls.
	 */
	static FileTokenSource unpolledSource(Path path, LookObserver observer) {
		return source(path, patientIntervals(NEVER), observer);
	}

	static FileTokenSource source(Path path, Intervals intervals, LookObserver observer) {
		FileTokenSource source = new FileTokenSource(path, judge(), true, Time.ofSystem(), intervals);
		source.addObserver(observer);
		return source;
	}

	/**
	 * Those of any source, but for the patience with events and with who reports them: on
	 * a busy machine, they may take longer, and no watch is tried again for minutes.
	 */
	static Intervals patientIntervals(Duration poll) {
		return patientIntervals(poll, Intervals.withPoll(poll).patience());
	}

	static Intervals patientIntervals(Duration poll, Duration patience) {
		Intervals intervals = Intervals.withPoll(poll);
		return new Intervals(intervals.poll(), intervals.clockCheck(), intervals.problemPoll(), intervals.settling(),
				intervals.unrest(), intervals.confirmation(), EVENT_GRACE, intervals.watchRetry(), WATCH_PATIENCE,
				intervals.lookPatience(), patience);
	}

	static TokenJudge judge() {
		return new TokenJudge(List.of("spire-server"), Duration.ofMinutes(1));
	}

	/**
	 * Start a source, and skip the test if other processes of the user hold all file
	 * watches that there are.
	 */
	static void startWithEvents(TokenSource source) {
		source.start();
		try {
			soon().atMost(Duration.ofSeconds(10)).until(() -> Shown.watch(source.status()).mode() == WatchMode.EVENTS);
		}
		catch (ConditionTimeoutException ex) {
			Assumptions.abort("File events are not available on this machine now");
		}
	}

	/**
	 * Wait for what takes milliseconds, unless the machine has other things to do.
	 * @return what to wait with
	 */
	static ConditionFactory soon() {
		return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
	}

}
