package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;

/**
 * A source to torture, which a subclass creates, its directory, and what it logs.
 */
abstract class SourceTorture {

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
		return countingSource(path, Intervals.withPoll(Torture.NEVER));
	}

	final FileTokenSource countingSource(Path path, Intervals intervals) {
		return Torture.source(path, intervals, (outcome, sinceCause) -> this.looks.incrementAndGet());
	}

	final void awaitToken(String token) {
		Torture.soon().until(() -> this.source.status().fingerprint() != null && this.source.value().equals(token));
	}

	final void awaitState(SourceState state) {
		Torture.soon().until(() -> this.source.status().sourceState() == state);
	}

	/**
	 * No look for a while: nothing that happens is an event.
	 */
	final void awaitQuiet() {
		AtomicLong before = new AtomicLong(-1);
		Torture.soon()
			.pollInterval(Duration.ofMillis(100))
			.until(() -> before.getAndSet(this.looks.get()) == this.looks.get());
	}

}
