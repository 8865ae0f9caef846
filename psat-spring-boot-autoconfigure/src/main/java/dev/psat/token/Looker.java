package dev.psat.token;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Takes looks, from reading to publishing. One lock spans each look, so that an older
 * read never lands over a newer one; readers of the snapshot never take it.
 */
final class Looker {

	private final Path path;

	private final Duration clockSkew;

	private final Clock clock;

	private final Intervals intervals;

	private final LookObserver observer;

	private final ChangeListener changeListener;

	private final TokenExaminer examiner;

	private final Confirmation confirmation;

	private final AtomicReference<Snapshot> snapshot = new AtomicReference<>(Snapshot.EMPTY);

	private final ReentrantLock lock = new ReentrantLock();

	private TokenStatus announced;

	Looker(Path path, TokenJudge judge, Clock clock, Intervals intervals, LookObserver observer,
			ChangeListener changeListener) {
		this.path = path;
		this.clockSkew = judge.clockSkew();
		this.clock = clock;
		this.intervals = intervals;
		this.observer = observer;
		this.changeListener = changeListener;
		this.examiner = new TokenExaminer(new TokenFile(path), intervals.settling(), judge);
		this.confirmation = new Confirmation(intervals.confirmation());
		this.announced = status();
	}

	Snapshot snapshot() {
		return this.snapshot.get();
	}

	TokenStatus status() {
		return snapshot().status(this.path, this.clock.instant());
	}

	/**
	 * Take one look.
	 * @param cause the {@link System#nanoTime()} of what caused it
	 * @return what came of it
	 */
	Look look(long cause) {
		this.lock.lock();
		TokenExaminer.Finding finding;
		Snapshot published;
		TokenStatus before;
		TokenStatus after;
		Duration again;
		Duration next;
		Duration sinceCause;
		try {
			Instant now = this.clock.instant();
			long nanoTime = System.nanoTime();
			finding = this.examiner.examine(snapshot().held(), now.toEpochMilli(), nanoTime);
			boolean rested = finding.restLeft().isZero();
			again = rested ? this.confirmation.see(finding.trouble(), nanoTime) : finding.restLeft();
			published = publish(finding, rested, now);
			sinceCause = Duration.ofNanos(System.nanoTime() - cause);
			before = this.announced;
			after = published.status(this.path, now);
			this.announced = after;
			next = next(published, again, now);
		}
		finally {
			this.lock.unlock();
		}
		observe(finding.outcome(), sinceCause);
		if (after.differsFrom(before)) {
			this.changeListener.changed(before, after, published);
		}
		return new Look(finding.link(), finding.changed(), again, next);
	}

	void watchedBy(WatchMode watch) {
		this.snapshot.updateAndGet((current) -> current.with(current.source().watchedBy(watch)));
	}

	void missedEvent() {
		this.snapshot.updateAndGet((current) -> current.with(current.source().missedEvent()));
	}

	private Snapshot publish(TokenExaminer.Finding finding, boolean rested, Instant now) {
		return this.snapshot.updateAndGet((current) -> {
			SourceView source = current.source();
			Trouble trouble = rested ? this.confirmation.believed() : source.trouble();
			SourceState state = rested ? ((trouble != null) ? trouble.state() : SourceState.OK) : source.state();
			return new Snapshot(held(current.held(), finding.token(), now),
					source.checked(state, trouble, isRejection(finding.outcome()), now));
		});
	}

	private @Nullable HeldToken held(@Nullable HeldToken held, @Nullable ProjectedToken token, Instant now) {
		if (token == null) {
			return held;
		}
		return (held != null) ? held.replacedBy(token, this.clockSkew, now) : HeldToken.first(token, this.clockSkew);
	}

	private static boolean isRejection(LookOutcome outcome) {
		return switch (outcome) {
			case UNREADABLE, MALFORMED, WRONG_AUDIENCE, STALE -> true;
			case UNCHANGED, ACCEPTED, MISSING -> false;
		};
	}

	private Duration next(Snapshot snapshot, Duration again, Instant now) {
		HeldToken held = snapshot.held();
		boolean troubled = snapshot.source().state() != SourceState.OK
				|| snapshot.tokenStateAt(now) != TokenState.VALID;
		long next = this.intervals.pollWhile(troubled).toMillis();
		if (!again.isZero()) {
			next = Math.min(next, again.toMillis() + 1);
		}
		long change = (held != null) ? held.validity().nextChange(now.toEpochMilli()) : Long.MAX_VALUE;
		return Duration.ofMillis((change != Long.MAX_VALUE) ? Math.min(next, change - now.toEpochMilli()) : next);
	}

	private void observe(LookOutcome outcome, Duration sinceCause) {
		try {
			this.observer.looked(outcome, sinceCause);
		}
		catch (RuntimeException | Error ex) {
			// an observer that fails must not end the watching, nor fill the log
		}
	}

	/**
	 * Is told of a change by the thread that looked.
	 */
	interface ChangeListener {

		void changed(TokenStatus before, TokenStatus after, Snapshot snapshot);

	}

}
