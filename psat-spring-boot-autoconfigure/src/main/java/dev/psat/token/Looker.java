package dev.psat.token;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
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

	private final Observers observers = new Observers();

	private final ChangeListener changeListener;

	private final TokenExaminer examiner;

	private final Confirmation confirmation;

	private final AtomicReference<Snapshot> snapshot = new AtomicReference<>(Snapshot.EMPTY);

	private final CompletableFuture<Void> firstLook = new CompletableFuture<>();

	private final ReentrantLock lock = new ReentrantLock();

	private TokenStatus announced;

	Looker(Path path, TokenJudge judge, Clock clock, Intervals intervals, ChangeListener changeListener) {
		this.path = path;
		this.clockSkew = judge.clockSkew();
		this.clock = clock;
		this.intervals = intervals;
		this.changeListener = changeListener;
		this.examiner = new TokenExaminer(new TokenFile(path), intervals.settling(), judge);
		this.confirmation = new Confirmation(intervals.confirmation());
		this.announced = status();
	}

	void addObserver(LookObserver observer) {
		this.observers.add(observer);
	}

	Snapshot snapshot() {
		return this.snapshot.get();
	}

	TokenStatus status() {
		return snapshot().status(this.path, this.clock.instant());
	}

	/**
	 * Return the first look that says anything.
	 * @return done when there has been one
	 */
	Future<Void> firstLook() {
		return this.firstLook;
	}

	/**
	 * Take one look.
	 * @param cause the {@link System#nanoTime()} of what caused it
	 * @return what came of it
	 */
	Look look(long cause) {
		this.lock.lock();
		TokenExaminer.Finding finding;
		Duration sinceCause;
		Look look;
		try {
			Instant now = this.clock.instant();
			finding = this.examiner.examine(snapshot().held(), now.toEpochMilli());
			Duration again = weigh(finding);
			Snapshot published = publish(finding, now);
			sinceCause = Duration.ofNanos(System.nanoTime() - cause);
			look = new Look(finding.link().directories(), finding.changed(), again, next(published, again, now));
			announce(published, now);
		}
		finally {
			this.lock.unlock();
		}
		this.observers.looked(finding.outcome(), sinceCause);
		return look;
	}

	void watchedBy(WatchMode watch) {
		this.snapshot.updateAndGet((current) -> current.with(current.source().watchedBy(watch)));
	}

	void missedEvent() {
		this.snapshot.updateAndGet((current) -> current.with(current.source().missedEvent()));
	}

	private Duration weigh(TokenExaminer.Finding finding) {
		if (finding.isRested()) {
			return this.confirmation.see(finding.trouble(), System.nanoTime());
		}
		this.confirmation.doubt();
		return finding.restLeft();
	}

	private Snapshot publish(TokenExaminer.Finding finding, Instant now) {
		return this.snapshot.updateAndGet((current) -> {
			SourceView source = current.source();
			Trouble trouble = finding.isRested() ? this.confirmation.believed() : source.trouble();
			SourceState state = finding.isRested() ? ((trouble != null) ? trouble.state() : SourceState.OK)
					: source.state();
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

	/**
	 * Under the lock, so that changes are told in their order.
	 */
	private void announce(Snapshot published, Instant now) {
		try {
			TokenStatus status = published.status(this.path, now);
			if (status.differsFrom(this.announced)) {
				this.changeListener.changed(this.announced, status, published);
				this.announced = status;
			}
		}
		finally {
			if (published.source().state() != null) {
				this.firstLook.complete(null);
			}
		}
	}

	/**
	 * Is told of a change by the thread that looked.
	 */
	interface ChangeListener {

		void changed(TokenStatus before, TokenStatus after, Snapshot snapshot);

	}

}
