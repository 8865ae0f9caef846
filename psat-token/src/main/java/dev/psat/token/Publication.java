package dev.psat.token;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Holds the snapshot, which is read without a lock, and announces its changes.
 */
final class Publication {

	static final TokenStatus NONE = TokenStatus.builder(TokenState.NONE).build();

	private final Path path;

	private final Clock clock;

	private final Supplier<WatchMode> watch;

	private final ChangeListener listener;

	private final AtomicReference<Snapshot> snapshot = new AtomicReference<>(Snapshot.EMPTY);

	/**
	 * Held while a change is announced, so that changes are announced in order, and by
	 * threads of the source alone.
	 */
	private final ReentrantLock lock = new ReentrantLock();

	private volatile TokenStatus announced = NONE;

	/** Falls behind what was announced if the listener failed. */
	private TokenStatus told = NONE;

	Publication(Path path, Clock clock, Supplier<WatchMode> watch, ChangeListener listener) {
		this.path = path;
		this.clock = clock;
		this.watch = watch;
		this.listener = listener;
	}

	Snapshot snapshot() {
		return this.snapshot.get();
	}

	TokenStatus status() {
		return snapshot().status(this.path, this.watch.get(), this.clock.instant());
	}

	/**
	 * Listeners receive it rather than the current status, which may be gone before it is
	 * announced.
	 */
	TokenStatus announced() {
		return this.announced;
	}

	Snapshot publish(UnaryOperator<Snapshot> change) {
		return this.snapshot.updateAndGet(change);
	}

	boolean hasNews() {
		return snapshot().isNews(this.announced, this.clock.instant());
	}

	/**
	 * Announce any state that differs from the last announcement, because of a change to
	 * the snapshot or the clock.
	 */
	void announce() {
		this.lock.lock();
		try {
			Snapshot snapshot = snapshot();
			Instant now = this.clock.instant();
			TokenStatus before = this.told;
			if (snapshot.isNews(before, now) || snapshot.isNews(this.announced, now)) {
				TokenStatus after = snapshot.status(this.path, this.watch.get(), now);
				this.announced = after;
				this.listener.tell(before, after, snapshot);
				this.told = after;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Passes on a change, on the thread that found it. If that fails, it is called again
	 * at the next announcement.
	 */
	interface ChangeListener {

		void tell(TokenStatus before, TokenStatus after, Snapshot snapshot);

	}

}
