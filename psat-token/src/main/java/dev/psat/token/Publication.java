package dev.psat.token;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * Holds the snapshot, which anybody reads, and announces its changes. Only the thread
 * that looks changes it.
 */
final class Publication {

	static final TokenStatus NONE = TokenStatus.builder(TokenState.NONE).build();

	private final Path path;

	private final Clock clock;

	private final Owner owner;

	private volatile Snapshot snapshot = Snapshot.EMPTY;

	private volatile TokenStatus announced = NONE;

	/** Falls behind what was announced if the owner failed. */
	private TokenStatus told = NONE;

	Publication(Path path, Clock clock, Owner owner) {
		this.path = path;
		this.clock = clock;
		this.owner = owner;
	}

	Snapshot snapshot() {
		return this.snapshot;
	}

	TokenStatus status() {
		return snapshot().status(this.path, this.owner.watchMode(), this.clock.instant());
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
			TokenStatus after = snapshot.status(this.path, this.owner.watchMode(), now);
			this.announced = after;
			this.owner.announce(before, after, snapshot);
			this.told = after;
		}
	}

	interface Owner {

		WatchMode watchMode();

		/** If it fails, it is called again at the next announcement. */
		void announce(TokenStatus before, TokenStatus after, Snapshot snapshot);

	}

}
