package dev.psat.token;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Holds the snapshot, which anybody reads, and announces its changes. Only the thread
 * that looks changes it.
 */
final class Publication {

	static final TokenStatus NONE = TokenStatus.builder(TokenState.NONE).build();

	private final Path path;

	private final Clock clock;

	private final Supplier<WatchMode> watch;

	private final ChangeListener listener;

	private volatile Snapshot snapshot = Snapshot.EMPTY;

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
		return this.snapshot;
	}

	TokenStatus status() {
		return snapshot().status(this.path, this.watch.get(), this.clock.instant());
	}

	/** For listeners, since the current status may be gone before it is announced. */
	TokenStatus announced() {
		return this.announced;
	}

	Snapshot publish(UnaryOperator<Snapshot> change) {
		Snapshot changed = change.apply(this.snapshot);
		this.snapshot = changed;
		return changed;
	}

	boolean hasNews() {
		return snapshot().isNews(this.announced, this.clock.instant());
	}

	/**
	 * Announce any state that differs from the last announcement, because of a change to
	 * the snapshot or the clock.
	 */
	void announce() {
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

	/** If it fails, it is called again at the next announcement. */
	interface ChangeListener {

		void tell(TokenStatus before, TokenStatus after, Snapshot snapshot);

	}

}
