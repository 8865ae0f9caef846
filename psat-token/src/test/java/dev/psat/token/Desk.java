package dev.psat.token;

import java.nio.file.Path;
import java.time.Clock;

/**
 * A {@link Looker} and what it works with, with no thread but that of the guard.
 */
final class Desk implements AutoCloseable {

	final Publication publication;

	final LookGuard guard;

	final Observers observers = new Observers(Runnable::run);

	final Looker looker;

	Desk(Path path, Intervals intervals) {
		this.publication = new Publication(path, Clock.systemUTC(), () -> WatchMode.STOPPED,
				(before, after, snapshot) -> {
				});
		this.guard = new LookGuard(path, this.publication, intervals, Runnable::run);
		this.looker = new Looker(path, SourceTorture.judge(), Clock.systemUTC(), intervals, this.publication,
				this.guard, this.observers);
	}

	TokenStatus status() {
		return this.publication.status();
	}

	@Override
	public void close() {
		this.guard.close();
	}

}
