package dev.psat.spire.autoconfigure.authorization;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.psat.concurrent.internal.InterruptibleWait;
import dev.psat.concurrent.internal.OnDemandThread;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.file.internal.DirectoryWatch.WatchServices;
import dev.psat.file.internal.DirectoryWatch;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.jspecify.annotations.Nullable;

/**
 * The thread that looks at the files: on every file event, and at the end of every poll
 * interval. All files share it, and what the operating system has few of.
 */
final class ListWatch {

	private static final Duration END_PATIENCE = Duration.ofMillis(500);

	/** Time for what happens together, and for whatever else happens in the directory. */
	private static final Duration BURST = Duration.ofMillis(10);

	private static final Duration WATCH_RETRY = Duration.ofMinutes(3);

	private static final Duration WATCH_PATIENCE = Duration.ofSeconds(1);

	private final List<ListFile> files;

	private final Runnable changed;

	private final @Nullable WatchServices services;

	private final ListIntervals intervals;

	private final InterruptibleWait waiting = new InterruptibleWait();

	private final RepeatedError errors = new RepeatedError(SpiffeSslBundle.class,
			"The files that list who may connect could not be looked at. They will be in a second",
			ListFileLog.lines());

	private final OnDemandThread thread = new OnDemandThread("spire-lists", this::run, this.errors);

	private volatile boolean stopping;

	private volatile Future<Void> run = CompletableFuture.completedFuture(null);

	private List<PeerList> told;

	/**
	 * Create a watch without a thread.
	 * @param files the files
	 * @param changed called once what a file lists has changed, and is in force; must not
	 * block
	 * @param services opens watch services, {@code null} to do without events
	 * @param intervals the intervals
	 */
	ListWatch(List<ListFile> files, Runnable changed, @Nullable WatchServices services, ListIntervals intervals) {
		this.files = files;
		this.changed = changed;
		this.services = services;
		this.intervals = intervals;
		this.told = inForce();
	}

	/**
	 * Look at the files for the first time, before anybody is told what they list.
	 */
	void lookFirst() {
		long deadline = System.nanoTime() + this.intervals.first().toNanos();
		try {
			for (ListFile file : this.files) {
				ListFile.Look look = file.look();
				while (!look.conclusive() && System.nanoTime() < deadline) {
					TimeUnit.NANOSECONDS.sleep(look.next().toNanos());
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
		this.stopping = false;
		this.run = this.thread.request();
	}

	/**
	 * Stop looking, with no directory watched any more when this method returns, unless
	 * the file system hangs.
	 */
	void stop() {
		this.stopping = true;
		this.waiting.wake();
		try {
			this.run.get(END_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			// it will have stopped
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	void close() {
		this.stopping = true;
		this.waiting.wake();
		this.thread.close(END_PATIENCE);
		this.files.forEach(ListFile::end);
	}

	/**
	 * Handles errors on two levels, since with a full heap handling an error fails as
	 * well: only a stop may end the loop.
	 */
	private void run() {
		try (DirectoryWatch watch = new DirectoryWatch(this.services, WATCH_RETRY, WATCH_PATIENCE,
				ListFileLog.lines())) {
			while (!isEnding()) {
				try {
					goOn(watch);
				}
				catch (Throwable ex) {
					Thread.yield();
				}
			}
		}
	}

	private void goOn(DirectoryWatch watch) {
		while (!isEnding()) {
			try {
				turn(watch);
				this.errors.over();
			}
			catch (InterruptedException ex) {
				// by whoever wants the thread to end
			}
			catch (Throwable ex) {
				this.errors.happened(ex);
				this.waiting.take(() -> sleep(this.intervals.problemPoll()));
			}
		}
	}

	private void turn(DirectoryWatch watch) throws InterruptedException {
		Map<Object, Path> directories = new HashMap<>();
		Duration next = this.intervals.poll();
		for (ListFile file : this.files) {
			ListFile.Look look = file.look();
			directories.putAll(look.directories());
			next = (look.next().compareTo(next) < 0) ? look.next() : next;
		}
		tell();
		// a change may have gone unnoticed before its directory was watched
		if (!watch.cover(directories) && !isEnding()) {
			Duration pause = next;
			this.waiting.take(() -> watch.await(pause) && sleep(BURST));
		}
	}

	/**
	 * Tell of the lists in force, unless that has succeeded before.
	 */
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

	private boolean isEnding() {
		return this.stopping || this.thread.isClosed();
	}

	private static boolean sleep(Duration time) throws InterruptedException {
		TimeUnit.NANOSECONDS.sleep(time.toNanos());
		return false;
	}

}
