package dev.psat.token;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Takes looks, from reading to publishing. Each look holds one lock throughout, so that
 * an older read never overwrites a newer one; readers of the snapshot never acquire it.
 * Only threads of the source look: an error in a thread of a caller would leave the lock
 * behind.
 */
final class Looker {

	private final Clock clock;

	private final Duration clockSkew;

	private final Intervals intervals;

	private final Publication publication;

	private final LookGuard guard;

	private final Observers observers;

	private final TokenFile file;

	private final TokenExaminer examiner;

	private final Confirmation confirmation;

	private final ReentrantLock lock = new ReentrantLock();

	Looker(Path path, TokenJudge judge, Clock clock, Intervals intervals, Publication publication, LookGuard guard,
			Observers observers) {
		this.clock = clock;
		this.clockSkew = judge.clockSkew();
		this.intervals = intervals;
		this.publication = publication;
		this.guard = guard;
		this.observers = observers;
		this.file = new TokenFile(path);
		this.examiner = new TokenExaminer(path, intervals, judge);
		this.confirmation = new Confirmation(intervals.confirmation());
	}

	/**
	 * Take one look.
	 * @param cause the {@link System#nanoTime()} of what caused it
	 * @return the result of the look
	 * @throws InterruptedException if the thread is interrupted while it waits for the
	 * look of another thread
	 * @throws TimeoutException if the look of another thread hangs
	 */
	Look look(long cause) throws InterruptedException, TimeoutException {
		if (!this.lock.tryLock(this.intervals.lookPatience().toNanos(), TimeUnit.NANOSECONDS)) {
			throw new TimeoutException();
		}
		TokenExaminer.Finding finding;
		Duration sinceCause;
		Look look;
		try {
			TokenFile.Reading reading = read();
			// the clock is read now, since reading the file may have taken its time
			Instant now = this.clock.instant();
			finding = this.examiner.examine(reading, this.publication.snapshot().held(), now.toEpochMilli());
			look = publish(finding, now);
			sinceCause = Duration.ofNanos(System.nanoTime() - cause);
		}
		finally {
			this.lock.unlock();
		}
		try {
			this.publication.announce();
		}
		finally {
			this.observers.looked(finding.outcome(), sinceCause);
		}
		return look;
	}

	/**
	 * Return whether the clock has changed the state since the last look.
	 * @return whether there is something to announce
	 */
	boolean hasNews() {
		return this.publication.hasNews();
	}

	void missedEvent() {
		this.publication.publish((current) -> current.with(current.source().missedEvent()));
	}

	private TokenFile.Reading read() {
		try (LookGuard.Attempt attempt = this.guard.begin(this.clock.instant())) {
			return this.file.read();
		}
	}

	private Look publish(TokenExaminer.Finding finding, Instant now) {
		Duration doubt = finding.isTelling()
				? this.confirmation.doubt(this.publication.snapshot().source(), finding.problem(), System.nanoTime())
				: finding.restLeft();
		Snapshot published = this.publication.publish((current) -> {
			Snapshot.SourceView source = current.source().checked(finding.outcome(), now);
			return new Snapshot(held(current.held(), finding.token(), now),
					(doubt == null) ? source.in(finding.problem()) : source);
		});
		Duration next = sooner(sooner(untilPoll(published, now), doubt), finding.restLeft());
		return new Look(finding.link().directories(), finding.changed(), doubt, next);
	}

	private @Nullable HeldToken held(@Nullable HeldToken held, @Nullable ProjectedToken token, Instant now) {
		if (token == null) {
			return held;
		}
		return (held != null) ? held.replacedBy(token, this.clockSkew, now) : HeldToken.first(token, this.clockSkew);
	}

	/**
	 * Polls early if the clock changes a state before, so that the change is announced.
	 */
	private Duration untilPoll(Snapshot snapshot, Instant now) {
		HeldToken held = snapshot.held();
		boolean problematic = snapshot.source().state() != SourceState.OK
				|| snapshot.tokenStateAt(now) != TokenState.VALID;
		Duration poll = this.intervals.pollWhile(problematic);
		long change = (held != null) ? held.validity().nextChange(now.toEpochMilli()) : Long.MAX_VALUE;
		return (change != Long.MAX_VALUE) ? sooner(poll, Duration.ofMillis(change - now.toEpochMilli())) : poll;
	}

	private static Duration sooner(Duration one, @Nullable Duration other) {
		return (other == null || one.compareTo(other) <= 0) ? one : other;
	}

	/**
	 * The result of a look, as needed by the thread that looked.
	 *
	 * @param directories the directories in which a change can make the path lead
	 * elsewhere, by their identity
	 * @param changed whether the content differs from that of the last look that found
	 * any
	 * @param again how long to wait for another look that tells what this one saw,
	 * {@code null} if that is known
	 * @param next how long to wait for the next look at most
	 */
	record Look(Map<Object, Path> directories, boolean changed, @Nullable Duration again, Duration next) {

		boolean isConclusive() {
			return this.again == null;
		}

	}

}
