package dev.psat.spire.autoconfigure.authorization;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

import dev.psat.concurrent.internal.ForeignCall;
import dev.psat.file.internal.FileContent;
import dev.psat.file.internal.LinkedFile;
import dev.psat.file.internal.WriteSettling;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.autoconfigure.authorization.ListFileStatus.State;
import dev.psat.spire.internal.Time;
import org.jspecify.annotations.Nullable;

/**
 * A file that lists who may connect. What it last listed stays in force while there is
 * anything wrong with it. Only one thread at a time looks at it.
 */
final class ListFile {

	private static final int LARGEST = 1024 * 1024;

	private final Path path;

	private final ItemRules rules;

	private final Time time;

	private final ListIntervals intervals;

	private final ListFileLog log;

	private final ForeignCall<LinkedFile.Reading> reading;

	private final WriteSettling settling;

	private Map<Object, Path> directories = Map.of();

	/** What was judged last. */
	private byte @Nullable [] judged;

	private @Nullable String invalid;

	/** Since when the file has been away, if that is not believed yet. */
	private @Nullable Long awaySince;

	private volatile PeerList inForce = PeerList.EMPTY;

	private volatile ListFileStatus status;

	/**
	 * Create a file that has not been read yet.
	 * @param property the property that names it
	 * @param path the path
	 * @param rules what may be on the list
	 * @param time the current time
	 * @param intervals the intervals
	 */
	ListFile(String property, Path path, ItemRules rules, Time time, ListIntervals intervals) {
		this(property, path, new LinkedFile(path, LARGEST)::read, rules, time, intervals);
	}

	ListFile(String property, Path path, Callable<LinkedFile.Reading> reading, ItemRules rules, Time time,
			ListIntervals intervals) {
		this.path = path;
		this.rules = rules;
		this.time = time;
		this.intervals = intervals;
		this.log = new ListFileLog(property, rules);
		this.reading = new ForeignCall<>("spire-list-file", reading, time.clock());
		this.settling = new WriteSettling(intervals.rest(), intervals.unrest());
		this.status = new ListFileStatus(path, State.UNREADABLE, 0, null, "It has not been read yet");
	}

	/**
	 * Return the list in force.
	 */
	PeerList inForce() {
		return this.inForce;
	}

	ListFileStatus status() {
		return this.status;
	}

	/**
	 * Tell what of the list does not fit the own trust domain, now and from now on.
	 */
	void own(TrustDomain own) {
		this.log.own(own, this.inForce);
	}

	/**
	 * Look at the file.
	 * @return when to look again, and where something may happen before
	 * @throws InterruptedException if the thread is interrupted while it waits for the
	 * file system
	 */
	Look look() throws InterruptedException {
		LinkedFile.Reading reading;
		try {
			reading = this.reading.await(this.reading.begin(), this.intervals.patience());
		}
		catch (ForeignCall.SilenceException ex) {
			return problematic(State.UNREADABLE, "The file system has not answered since %s, when it was asked for %s"
				.formatted(ex.since(), this.path));
		}
		catch (ExecutionException ex) {
			Throwable cause = ex.getCause();
			return problematic(State.UNREADABLE, "%s cannot be read: %s".formatted(this.path,
					(cause != null) ? cause.getClass().getName() : "unknown reason"));
		}
		this.directories = reading.link().directories();
		FileContent content = reading.content();
		return (content != null) ? examine(reading, content) : away(reading.problem());
	}

	private Look away(LinkedFile.@Nullable Problem problem) {
		this.settling.settle();
		long now = this.time.nanos();
		if (this.awaySince == null) {
			this.awaySince = now;
		}
		Duration left = this.intervals.confirmation().minusNanos(now - this.awaySince);
		// whoever replaces a file may delete the old one first
		if (this.status.readAt() != null && this.status.error() == null && left.compareTo(Duration.ZERO) > 0) {
			return new Look(this.directories, false, left);
		}
		return (problem != null && !problem.missing()) ? problematic(State.UNREADABLE, problem.message())
				: problematic(State.MISSING, (problem != null) ? problem.message() : "There is no file " + this.path);
	}

	private Look examine(LinkedFile.Reading reading, FileContent content) {
		this.awaySince = null;
		if (Arrays.equals(content.bytes(), this.judged)) {
			this.settling.settle();
			return conclude(content);
		}
		Duration rest = this.settling.restLeft(content, reading.began(), reading.ended());
		if (rest != null) {
			return this.settling.isRestless()
					? problematic(State.UNREADABLE,
							"%s keeps changing: it never stays unchanged for %d ms, so it may be half written"
								.formatted(this.path, this.intervals.rest().toMillis()))
					: new Look(this.directories, false, rest);
		}
		judge(content.bytes());
		return conclude(content);
	}

	private void judge(byte[] bytes) {
		this.invalid = null;
		try {
			if (bytes.length > LARGEST) {
				throw new IllegalArgumentException("it is larger than 1 MiB");
			}
			accept(PeerList.parse(bytes, this.rules));
		}
		catch (IllegalArgumentException ex) {
			this.invalid = "%s is not a list of SPIFFE IDs: %s".formatted(this.path, ex.getMessage());
		}
		this.judged = bytes;
	}

	private void accept(PeerList list) {
		boolean first = this.status.readAt() == null;
		PeerList before = this.inForce;
		if (!list.items().equals(before.items())) {
			this.inForce = list;
		}
		this.status = new ListFileStatus(this.path, this.status.state(), list.size(), this.time.now(),
				this.status.error());
		this.log.read(this.path, first ? null : before, list);
	}

	private Look conclude(FileContent content) {
		if (this.invalid != null) {
			return problematic(State.INVALID, this.invalid);
		}
		String pinned = "No other file can ever take the place of %s: it is unlinked, or mounted on its own. Mount the directory, without 'subPath'"
			.formatted(this.path);
		return content.pinned() ? become(State.PINNED, pinned, this.intervals.poll())
				: become(State.OK, null, this.intervals.poll());
	}

	private Look problematic(State state, String error) {
		return become(state, error, this.intervals.problemPoll());
	}

	private Look become(State state, @Nullable String error, Duration next) {
		ListFileStatus before = this.status;
		ListFileStatus now = new ListFileStatus(this.path, state, before.entries(), before.readAt(), error);
		this.status = now;
		this.log.became(now);
		return new Look(this.directories, true, next);
	}

	/**
	 * End a read that hangs.
	 */
	void end() {
		this.reading.end();
	}

	/**
	 * The result of a look.
	 *
	 * @param directories the directories in which a change can make the path lead
	 * elsewhere, by their identity
	 * @param conclusive whether it tells what the file is like
	 * @param next how long to wait for the next look at most
	 */
	record Look(Map<Object, Path> directories, boolean conclusive, Duration next) {

	}

}
