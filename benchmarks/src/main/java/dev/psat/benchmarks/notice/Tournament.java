package dev.psat.benchmarks.notice;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Contests against one peer whose volumes are rotated together, further apart than the
 * peer's own period.
 */
final class Tournament {

	private final List<Contest> contests;

	private final Iterator<Content> contents;

	private final Supplier<String> tokens;

	private final Duration least;

	private final Duration most;

	private long due = System.nanoTime();

	/**
	 * Create a tournament.
	 * @param contests the contests that are swapped together
	 * @param contents the contents for the peer, one for each rotation
	 * @param tokens the tokens for the library
	 * @param least the shortest time between two rotations
	 * @param most the longest time between two rotations
	 */
	Tournament(List<Contest> contests, Iterator<Content> contents, Supplier<String> tokens, Duration least,
			Duration most) {
		this.contests = contests;
		this.contents = contents;
		this.tokens = tokens;
		this.least = least;
		this.most = most;
	}

	void rotateIfDue(SpinningReader spinning) throws Exception {
		if (isWaiting() || !this.contents.hasNext()) {
			return;
		}
		Content content = this.contents.next();
		for (Contest contest : this.contests) {
			contest.rotate(content, spinning, this.tokens.get());
		}
		this.due = System.nanoTime() + ThreadLocalRandom.current().nextLong(this.least.toNanos(), this.most.toNanos());
	}

	boolean isOver() {
		return !this.contents.hasNext() && !isWaiting();
	}

	/**
	 * Return when the next rotation is due, or would be.
	 * @return the {@link System#nanoTime()}
	 */
	long due() {
		return this.due;
	}

	List<Contest> contests() {
		return this.contests;
	}

	private boolean isWaiting() {
		return this.due - System.nanoTime() > 0;
	}

}
