package dev.psat.token;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * The snapshot that everybody reads, without a lock, and its announcement.
 */
final class Publication {

	private final Path path;

	private final Clock clock;

	private final Audience audience;

	private final AtomicReference<Snapshot> snapshot = new AtomicReference<>(Snapshot.EMPTY);

	/** Held while a change is announced, so that changes are told in their order. */
	private final ReentrantLock lock = new ReentrantLock();

	private TokenStatus announced;

	Publication(Path path, Clock clock, Audience audience) {
		this.path = path;
		this.clock = clock;
		this.audience = audience;
		this.announced = Snapshot.EMPTY.status(path, WatchMode.STOPPED, clock.instant());
	}

	Snapshot snapshot() {
		return this.snapshot.get();
	}

	TokenStatus status(WatchMode watch) {
		return snapshot().status(this.path, watch, this.clock.instant());
	}

	Snapshot publish(UnaryOperator<Snapshot> change) {
		return this.snapshot.updateAndGet(change);
	}

	/**
	 * Tell what is another state than at the last announcement, by a change of the
	 * snapshot or by the clock.
	 */
	void announce() {
		this.lock.lock();
		try {
			Snapshot snapshot = snapshot();
			TokenStatus status = snapshot.status(this.path, WatchMode.STOPPED, this.clock.instant());
			if (status.differsFrom(this.announced)) {
				this.audience.changed(this.announced, status, snapshot);
				this.announced = status;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Is told of a change by the thread that found it. If it throws, it is told again at
	 * the next announcement.
	 */
	interface Audience {

		void changed(TokenStatus before, TokenStatus after, Snapshot snapshot);

	}

}
