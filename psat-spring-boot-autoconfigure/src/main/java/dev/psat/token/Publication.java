package dev.psat.token;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The snapshot that everybody reads, without a lock, and its announcement.
 */
final class Publication {

	private final Path path;

	private final Clock clock;

	private final Supplier<WatchMode> watch;

	private final Audience audience;

	private final AtomicReference<Snapshot> snapshot = new AtomicReference<>(Snapshot.EMPTY);

	/** Held while a change is announced, so that changes are told in their order. */
	private final ReentrantLock lock = new ReentrantLock();

	private volatile TokenStatus announced;

	Publication(Path path, Clock clock, Supplier<WatchMode> watch, Audience audience) {
		this.path = path;
		this.clock = clock;
		this.watch = watch;
		this.audience = audience;
		this.announced = TokenStatus.withoutToken(SourceView.NONE, path, WatchMode.STOPPED);
	}

	Snapshot snapshot() {
		return this.snapshot.get();
	}

	TokenStatus status() {
		return status(snapshot());
	}

	/**
	 * Return what was announced last. Listeners are told this and not the present status,
	 * which may be gone before it is announced.
	 * @return the status at the last announcement
	 */
	TokenStatus announced() {
		return this.announced;
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
			TokenStatus before = this.announced;
			TokenStatus after = status(snapshot);
			if (after.differsFrom(before)) {
				tell(before, after, snapshot);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void tell(TokenStatus before, TokenStatus after, Snapshot snapshot) {
		this.announced = after;
		try {
			this.audience.changed(before, after, snapshot);
		}
		catch (RuntimeException | Error ex) {
			this.announced = before;
			throw ex;
		}
	}

	private TokenStatus status(Snapshot snapshot) {
		return snapshot.status(this.path, this.watch.get(), this.clock.instant());
	}

	/**
	 * Is told of a change by the thread that found it. If it throws, it is told again at
	 * the next announcement.
	 */
	interface Audience {

		void changed(TokenStatus before, TokenStatus after, Snapshot snapshot);

	}

}
