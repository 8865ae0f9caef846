package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

import dev.psat.concurrent.internal.Time;
import dev.psat.file.internal.Confirmation;
import dev.psat.file.internal.FileWatch;
import dev.psat.file.internal.WatchedFile;
import org.jspecify.annotations.Nullable;

/** Takes looks, from reading to publishing, on one thread. */
final class Looker implements FileWatch.Looker {

	private final Time time;

	private final Intervals intervals;

	private final Publication publication;

	private final Observers observers;

	private final WatchedFile<Parsed> file;

	private final TokenJudge judge;

	private final Confirmation confirmation;

	private @Nullable SourceState lastProblem;

	Looker(Path path, TokenJudge judge, Time time, Intervals intervals, Publication publication, Observers observers) {
		this.time = time;
		this.intervals = intervals;
		this.publication = publication;
		this.observers = observers;
		this.file = new WatchedFile<>(path, TokenParser.LARGEST, "psat-token-read", Parsed::of,
				new WatchedFile.Timing(intervals.settling(), intervals.unrest(), intervals.lookPatience()), time);
		this.judge = judge;
		this.confirmation = new Confirmation(intervals.confirmation());
	}

	@Override
	public FileWatch.Look look(long cause) throws InterruptedException {
		WatchedFile.Finding<Parsed> seen = this.file.look();
		// the clock is read now, since reading the file may have taken its time
		Instant now = this.time.now();
		Finding finding = examine(seen, this.publication.snapshot().held(), now.toEpochMilli());
		FileWatch.Look look = publish(seen, finding, now);
		Duration sinceCause = Duration.ofNanos(this.time.nanos() - cause);
		try {
			this.publication.announce();
		}
		finally {
			this.observers.looked(finding.outcome(), sinceCause);
		}
		return look;
	}

	@Override
	public boolean hasNews() {
		return this.publication.hasNews();
	}

	@Override
	public void missedEvent() {
		this.publication.publish((current) -> current.with(current.source().missedEvent()));
	}

	void end() {
		this.file.end();
	}

	private Finding examine(WatchedFile.Finding<Parsed> seen, @Nullable HeldToken held, long now) {
		WatchedFile.Problem problem = seen.problem();
		if (problem != null) {
			return problematic(FileProblem.of(problem));
		}
		Parsed parsed = seen.content();
		if (parsed == null) {
			return new Finding(LookOutcome.UNCHANGED, null, null);
		}
		ProjectedToken token = parsed.token();
		if (token == null) {
			return problematic(parsed.problem());
		}
		boolean known = held != null && held.token().value().equals(token.value());
		if (!known) {
			try {
				this.judge.judge(token, held, now);
			}
			catch (RejectedException ex) {
				return problematic(ex.problem());
			}
		}
		this.lastProblem = null;
		FileProblem pinned = seen.pinned() ? new FileProblem(SourceState.PINNED,
				"The file can never be replaced at its path: it is unlinked or mounted on its own") : null;
		return new Finding(known ? LookOutcome.UNCHANGED : LookOutcome.ACCEPTED, known ? null : token, pinned);
	}

	private Finding problematic(@Nullable FileProblem problem) {
		SourceState state = (problem != null) ? problem.state() : null;
		LookOutcome outcome = (state == null || state == this.lastProblem) ? LookOutcome.UNCHANGED
				: LookOutcome.valueOf(state.name());
		this.lastProblem = state;
		return new Finding(outcome, null, problem);
	}

	private FileWatch.Look publish(WatchedFile.Finding<Parsed> seen, Finding finding, Instant now) {
		FileProblem problem = finding.problem();
		boolean telling = seen.restLeft() == null || problem != null;
		Duration doubt = telling ? this.confirmation.doubt(this.publication.snapshot().source().state(),
				(problem != null) ? problem.state() : null, this.time.nanos()) : seen.restLeft();
		Snapshot published = this.publication.publish((current) -> {
			Snapshot.SourceView source = current.source().checked(finding.outcome(), now);
			return new Snapshot(held(current.held(), finding.token(), now),
					(doubt == null) ? source.in(problem) : source);
		});
		Duration next = sooner(sooner(untilPoll(published, now), doubt), seen.restLeft());
		return new FileWatch.Look(seen.directories(), seen.changed(), doubt == null, next);
	}

	private @Nullable HeldToken held(@Nullable HeldToken held, @Nullable ProjectedToken token, Instant now) {
		if (token == null) {
			return held;
		}
		return (held != null) ? held.replacedBy(token, this.judge.clockSkew(), now)
				: HeldToken.first(token, this.judge.clockSkew());
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
	 * What a look tells of the token, {@code null} if it is the one in memory, or there
	 * is none.
	 */
	private record Finding(LookOutcome outcome, @Nullable ProjectedToken token, @Nullable FileProblem problem) {

	}

	/** A token or a problem. */
	private record Parsed(@Nullable ProjectedToken token, @Nullable FileProblem problem) {

		static Parsed of(byte[] bytes) {
			try {
				return new Parsed(TokenParser.parse(bytes), null);
			}
			catch (RejectedException ex) {
				return new Parsed(null, ex.problem());
			}
			catch (RuntimeException ex) {
				// not rethrown, since its message may quote the file
				return new Parsed(null,
						TokenParser.malformed("cannot be parsed (%s)".formatted(ex.getClass().getName())).problem());
			}
		}

	}

}
