package dev.psat.file.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.psat.concurrent.internal.Loop;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Time;
import org.jspecify.annotations.Nullable;

/**
 * Decides when to look at files: on every file event, at the end of every poll interval,
 * when the clock has changed something, and on request. Events provide speed, polling
 * provides certainty. While it is not started, the thread lives only for the looks that
 * are requested.
 */
public final class FileWatch implements AutoCloseable {

	private final Looker looker;

	private final DirectoryWatch watch;

	private final Timing timing;

	private final Time time;

	private final Loop loop;

	private volatile boolean watching;

	private volatile boolean complete;

	/** This and what follows belongs to the loop's thread. */
	private long cause;

	private boolean causedByEvent;

	/** Whether the last look found a change whose event has not arrived. */
	private boolean owed;

	/** Whether a change may have gone unnoticed before its directory was watched. */
	private boolean fresh;

	private boolean conclusive = true;

	public FileWatch(String thread, Looker looker, DirectoryWatch watch, Timing timing, RepeatedError errors,
			Time time) {
		this.looker = looker;
		this.watch = watch;
		this.timing = timing;
		this.time = time;
		this.loop = new Loop(thread, new Turns(), errors, time, this::sleep);
	}

	/**
	 * Begin to watch. If no thread can be created, nothing changes and an
	 * {@link OutOfMemoryError} is thrown.
	 * @return a future that is done once a look has told what the files are like
	 */
	public CompletableFuture<Void> start() {
		boolean before = this.watching;
		this.watching = true;
		try {
			return this.loop.want();
		}
		catch (OutOfMemoryError ex) {
			this.watching = before;
			throw ex;
		}
	}

	/**
	 * Request a look that begins after this call.
	 * @return a future that is done once a look has told what the files are like
	 */
	public CompletableFuture<Void> look() {
		return this.loop.want();
	}

	/** Replace a thread that has died, because of an error that nobody could handle. */
	public void revive() {
		if (this.watching) {
			this.loop.start();
		}
	}

	public boolean isWatching() {
		return this.watching;
	}

	public boolean isComplete() {
		return this.watching && this.complete;
	}

	/** Stop watching, with no directory watched any more when this method returns. */
	public void stop() {
		this.watching = false;
		this.loop.stop();
	}

	@Override
	public void close() {
		this.watching = false;
		this.loop.close();
	}

	private boolean sleep(long nanos) throws InterruptedException {
		Duration time = Duration.ofNanos(nanos);
		return this.watch.await((time.compareTo(this.timing.clockCheck()) < 0) ? time : this.timing.clockCheck());
	}

	private final class Turns implements Loop.Turns {

		@Override
		public @Nullable Duration take(Loop.Cue cue) throws InterruptedException {
			FileWatch files = FileWatch.this;
			boolean early = cue != Loop.Cue.DUE;
			if (files.owed && !early && files.watch.isComplete()) {
				files.looker.missedEvent();
				files.watch.close();
			}
			// then no event is expected for what this look finds
			boolean event = early || files.owed || files.fresh;
			if (event || files.conclusive) {
				files.cause = files.time.nanos();
			}
			files.causedByEvent = event;
			files.owed = false;
			files.fresh = false;
			Look look = look(files.cause);
			if (!files.watching) {
				return look.isConclusive() ? null : look.next();
			}
			return cover(look);
		}

		private Look look(long cause) throws InterruptedException {
			FileWatch.this.conclusive = false;
			try {
				Look look = FileWatch.this.looker.look(cause);
				FileWatch.this.conclusive = look.isConclusive();
				return look;
			}
			catch (RuntimeException | Error ex) {
				// nobody waits until that is over
				FileWatch.this.conclusive = true;
				throw ex;
			}
		}

		private Duration cover(Look look) {
			FileWatch files = FileWatch.this;
			try {
				files.fresh = files.watch.cover(look.directories());
			}
			finally {
				files.complete = files.watch.isComplete();
			}
			files.owed = !files.fresh && !files.causedByEvent && look.changed() && files.complete;
			return files.fresh ? Duration.ZERO : files.owed ? files.timing.eventGrace() : look.next();
		}

		@Override
		public Duration afterError() {
			return Duration.ZERO;
		}

		@Override
		public boolean isDue() {
			return FileWatch.this.looker.hasNews() || FileWatch.this.complete != FileWatch.this.watch.isComplete();
		}

		@Override
		public boolean isConclusive() {
			return FileWatch.this.conclusive;
		}

		@Override
		public void rest() {
			FileWatch.this.complete = false;
			FileWatch.this.watch.close();
		}

	}

	public interface Looker {

		/**
		 * Take one look. The cause is the {@link Time#nanos()} of what caused it.
		 */
		Look look(long cause) throws InterruptedException;

		/** A change has arrived without an event. */
		default void missedEvent() {
		}

		/** Whether the clock has changed anything since the last look. */
		default boolean hasNews() {
			return false;
		}

	}

	/**
	 * What has come of a look.
	 *
	 * @param directories where something may happen, by their identity
	 * @param changed whether a file has changed since the last look
	 * @param isConclusive whether it told what the files are like
	 * @param next how long to wait for the next look at most
	 */
	public record Look(Map<Object, Path> directories, boolean changed, boolean isConclusive, Duration next) {

	}

	/**
	 * For how long something is waited.
	 *
	 * @param clockCheck how long to sleep at most without a look at the clock
	 * @param eventGrace how long after a change its event may arrive
	 */
	public record Timing(Duration clockCheck, Duration eventGrace) {

	}

}
