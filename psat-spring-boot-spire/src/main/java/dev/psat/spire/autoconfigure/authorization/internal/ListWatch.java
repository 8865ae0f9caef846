package dev.psat.spire.autoconfigure.authorization.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.psat.concurrent.internal.Deadline;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Time;
import dev.psat.file.internal.DirectoryWatch;
import dev.psat.file.internal.DirectoryWatch.WatchServices;
import dev.psat.file.internal.FileWatch;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.jspecify.annotations.Nullable;

/** All files share a thread, and what the operating system has few of. */
final class ListWatch implements FileWatch.Looker {

	private static final Duration WATCH_RETRY = Duration.ofMinutes(3);

	private static final Duration WATCH_PATIENCE = Duration.ofSeconds(1);

	private static final FileWatch.Timing TIMING = new FileWatch.Timing(Duration.ofSeconds(30), Duration.ofMillis(50));

	private final List<ListFile> files;

	private final Runnable changed;

	private final ListFile.Intervals intervals;

	private final Time time;

	private final FileWatch watch;

	private List<PeerList> told;

	/**
	 * @param changed called when another list is in force; must not block
	 * @param services {@code null} to do without events
	 */
	ListWatch(List<ListFile> files, Runnable changed, @Nullable WatchServices services, ListFile.Intervals intervals,
			Time time) {
		this.files = files;
		this.changed = changed;
		this.intervals = intervals;
		this.time = time;
		this.watch = new FileWatch("spire-lists", this,
				new DirectoryWatch(services, WATCH_RETRY, WATCH_PATIENCE, ListFileLog.lines(), time), TIMING,
				new RepeatedError(SpiffeSslBundle.class,
						"The files that list who may connect could not be looked at. They will be in a second",
						ListFileLog.lines()),
				time);
		this.told = inForce();
	}

	void lookFirst() {
		Deadline deadline = Deadline.in(this.intervals.first(), this.time);
		try {
			for (ListFile file : this.files) {
				FileWatch.Look look = file.look();
				while (!look.isConclusive() && !deadline.isOver()) {
					this.time.sleep(look.next().toNanos());
					look = file.look();
				}
			}
		}
		catch (InterruptedException ex) {
			// the thread looks again
			Thread.currentThread().interrupt();
		}
		this.told = inForce();
	}

	void start() {
		this.watch.start();
	}

	void stop() {
		this.watch.stop();
	}

	void close() {
		this.watch.close();
		this.files.forEach(ListFile::end);
	}

	@Override
	public FileWatch.Look look(long cause) throws InterruptedException {
		Map<Object, Path> directories = new HashMap<>();
		boolean changed = false;
		boolean conclusive = true;
		Duration next = this.intervals.poll();
		for (ListFile file : this.files) {
			FileWatch.Look look = file.look();
			directories.putAll(look.directories());
			changed |= look.changed();
			conclusive &= look.isConclusive();
			next = (look.next().compareTo(next) < 0) ? look.next() : next;
		}
		tell();
		return new FileWatch.Look(directories, changed, conclusive, next);
	}

	/** Tell once more if that has failed before. */
	private void tell() {
		List<PeerList> inForce = inForce();
		if (!inForce.equals(this.told)) {
			this.changed.run();
			this.told = inForce;
		}
	}

	private List<PeerList> inForce() {
		return this.files.stream().map(ListFile::inForce).toList();
	}

}
