package dev.psat.spire.autoconfigure.authorization.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

import dev.psat.concurrent.internal.Time;
import dev.psat.file.internal.Confirmation;
import dev.psat.file.internal.FileWatch;
import dev.psat.file.internal.LinkedFile;
import dev.psat.file.internal.WatchedFile;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.autoconfigure.authorization.internal.PeerLists.FileStatus.State;
import org.jspecify.annotations.Nullable;

/**
 * What it last listed stays in force while anything is wrong with it. One thread at a
 * time looks at it.
 */
final class ListFile {

	private static final int LARGEST = 1024 * 1024;

	private static final String PINNED = "No other file can ever take the place of %s: it is unlinked, or mounted on its own. Mount the directory, without 'subPath'";

	private final Path path;

	private final ItemRules rules;

	private final Time time;

	private final Intervals intervals;

	private final ListFileLog log;

	private final WatchedFile<Parsed> file;

	private final Confirmation confirmation;

	private @Nullable Parsed accepted;

	private volatile PeerList inForce = PeerList.EMPTY;

	private volatile PeerLists.FileStatus status;

	ListFile(String property, Path path, ItemRules rules, Time time, Intervals intervals) {
		this(property, path, new LinkedFile(path, LARGEST, time)::read, rules, time, intervals);
	}

	ListFile(String property, Path path, Callable<LinkedFile.Reading> reading, ItemRules rules, Time time,
			Intervals intervals) {
		this.path = path;
		this.rules = rules;
		this.time = time;
		this.intervals = intervals;
		this.log = new ListFileLog(property, rules);
		this.file = new WatchedFile<>(path, reading, "spire-list-file", this::parse,
				new WatchedFile.Timing(intervals.rest(), intervals.unrest(), intervals.patience()), time);
		this.confirmation = new Confirmation(intervals.confirmation());
		this.status = new PeerLists.FileStatus(path, State.UNREADABLE, 0, null, "It has not been read yet");
	}

	PeerList inForce() {
		return this.inForce;
	}

	PeerLists.FileStatus status() {
		return this.status;
	}

	void own(TrustDomain own) {
		this.log.own(own, this.inForce);
	}

	FileWatch.Look look() throws InterruptedException {
		WatchedFile.Finding<Parsed> seen = this.file.look();
		WatchedFile.Problem problem = seen.problem();
		Parsed parsed = seen.content();
		if (problem != null) {
			return problematic(seen, problem);
		}
		this.confirmation.doubt(this.status.state(), null, this.time.nanos());
		if (parsed == null) {
			return look(seen, seen.restLeft(), this.intervals.poll());
		}
		PeerList list = parsed.list();
		if (list == null) {
			return become(seen, State.INVALID, parsed.problem());
		}
		if (parsed != this.accepted) {
			this.accepted = parsed;
			accept(list);
		}
		return seen.pinned() ? become(seen, State.PINNED, PINNED.formatted(this.path)) : become(seen, State.OK, null);
	}

	private Parsed parse(byte[] bytes) {
		try {
			if (bytes.length > LARGEST) {
				throw new IllegalArgumentException("it is larger than 1 MiB");
			}
			return new Parsed(PeerList.parse(bytes, this.rules), null);
		}
		catch (IllegalArgumentException ex) {
			return new Parsed(null, "%s is not a list of SPIFFE IDs: %s".formatted(this.path, ex.getMessage()));
		}
	}

	private void accept(PeerList list) {
		boolean first = this.status.readAt() == null;
		PeerList before = this.inForce;
		if (!list.items().equals(before.items())) {
			this.inForce = list;
		}
		this.status = new PeerLists.FileStatus(this.path, this.status.state(), list.size(), this.time.now(),
				this.status.error());
		this.log.read(this.path, first ? null : before, list);
	}

	private FileWatch.Look problematic(WatchedFile.Finding<?> seen, WatchedFile.Problem problem) {
		State state = (problem.kind() == WatchedFile.Problem.Kind.MISSING) ? State.MISSING : State.UNREADABLE;
		boolean away = problem.kind() == WatchedFile.Problem.Kind.MISSING
				|| problem.kind() == WatchedFile.Problem.Kind.UNREADABLE;
		// what replaces a file may delete the old one first
		Duration doubt = away ? this.confirmation.doubt((this.status.error() == null) ? this.status.state() : null,
				state, this.time.nanos()) : null;
		return (doubt != null) ? look(seen, doubt, doubt) : become(seen, state, problem.message());
	}

	private FileWatch.Look become(WatchedFile.Finding<?> seen, State state, @Nullable String error) {
		PeerLists.FileStatus before = this.status;
		PeerLists.FileStatus now = new PeerLists.FileStatus(this.path, state, before.entries(), before.readAt(), error);
		this.status = now;
		this.log.became(now);
		boolean well = error == null || state == State.PINNED;
		return look(seen, null, well ? this.intervals.poll() : this.intervals.problemPoll());
	}

	private static FileWatch.Look look(WatchedFile.Finding<?> seen, @Nullable Duration doubt, Duration next) {
		return new FileWatch.Look(seen.directories(), seen.changed(), doubt == null, (doubt != null) ? doubt : next);
	}

	/** End a read that hangs. */
	void end() {
		this.file.end();
	}

	private record Parsed(@Nullable PeerList list, @Nullable String problem) {

	}

	/**
	 * The intervals by which files are watched.
	 *
	 * @param rest how long a file that may be half written must rest: half a list looks
	 * like a whole one
	 * @param unrest how long a file may keep changing before that is a problem
	 * @param confirmation how long a file must be away before that is a problem
	 * @param patience how long the file system may take to answer
	 * @param first how long the first look may take in all
	 */
	record Intervals(Duration poll, Duration problemPoll, Duration rest, Duration unrest, Duration confirmation,
			Duration patience, Duration first) {

		static final Intervals DEFAULT = new Intervals(Duration.ofSeconds(5), Duration.ofSeconds(1),
				Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(2),
				Duration.ofSeconds(3));

	}

}
