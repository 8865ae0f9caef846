package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import dev.psat.concurrent.internal.Deadline;
import dev.psat.concurrent.internal.Delivery;
import dev.psat.concurrent.internal.LogThread;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Time;
import dev.psat.file.internal.DirectoryWatch.WatchServices;
import dev.psat.file.internal.DirectoryWatch;
import dev.psat.file.internal.FileWatch;
import org.jspecify.annotations.Nullable;

final class FileTokenSource implements TokenSource, Publication.Owner {

	/** Ample time for a file to rest and then for a problem to be confirmed. */
	private static final Duration REFRESH_PATIENCE = Duration.ofSeconds(2);

	private final Path path;

	private final TokenJudge judge;

	private final Time time;

	private final Intervals intervals;

	private final Publication publication;

	/** A log may hang, which must keep no thread from looking. */
	private final LogThread lines;

	private final Observers observers;

	private final StatusLog log;

	private final Looker looker;

	private final Delivery<TokenStatus> delivery;

	private final FileWatch watch;

	/** Until the source is closed: what is in memory is served after a stop as well. */
	private volatile boolean watching;

	private volatile boolean closed;

	FileTokenSource(Path path, TokenJudge judge, boolean watch, Time time, Intervals intervals) {
		this(path, judge, (watch && DirectoryWatch.isWorthwhile(System.getProperty("os.name")))
				? path.getFileSystem()::newWatchService : null, time, intervals);
	}

	FileTokenSource(Path path, TokenJudge judge, @Nullable WatchServices services, Time time, Intervals intervals) {
		this.path = path;
		this.judge = judge;
		this.time = time;
		this.intervals = intervals;
		this.lines = new LogThread("psat-token-log",
				new RepeatedError(TokenSource.class, "The state of a token could not be logged"), time);
		this.observers = new Observers(this.lines);
		this.log = new StatusLog(path);
		this.publication = new Publication(path, time.clock(), this);
		this.delivery = new Delivery<>("psat-token-events",
				() -> new RepeatedError(TokenSource.class, "A token listener failed", this.lines), Publication.NONE,
				this.publication::announced, Snapshot::differ, time);
		this.looker = new Looker(path, judge, time, intervals, this.publication, this.observers);
		this.watch = new FileWatch("psat-token-watch", this.looker,
				new DirectoryWatch(services, intervals.watchRetry(), intervals.watchPatience(), this.lines, time),
				new FileWatch.Timing(intervals.clockCheck(), intervals.eventGrace()),
				new RepeatedError(TokenSource.class, "Watching the token file continues after an unexpected error",
						this.lines),
				time);
	}

	@Override
	public ProjectedToken current() {
		if (this.watching) {
			ProjectedToken token = tokenInForce();
			if (token != null) {
				return token;
			}
		}
		return currentAfterLook();
	}

	@Override
	public TokenStatus status() {
		return this.publication.status();
	}

	@Override
	public TokenStatus refresh() {
		look(REFRESH_PATIENCE);
		return status();
	}

	@Override
	public void addListener(TokenListener listener) {
		Objects.requireNonNull(listener, "'listener' must not be null");
		assertOpen();
		this.watch.revive();
		this.delivery.add(listener, listener::statusChanged);
	}

	@Override
	public void removeListener(TokenListener listener) {
		Objects.requireNonNull(listener, "'listener' must not be null");
		this.delivery.remove(listener);
	}

	@Override
	public void addObserver(LookObserver observer) {
		Objects.requireNonNull(observer, "'observer' must not be null");
		assertOpen();
		this.observers.add(observer);
	}

	@Override
	public void start() {
		assertOpen();
		CompletableFuture<Void> firstLook = this.watch.start();
		this.watching = true;
		await(firstLook, this.intervals.patience());
	}

	@Override
	public void stop() {
		this.watch.stop();
	}

	@Override
	public void close() {
		this.closed = true;
		this.watching = false;
		this.watch.close();
		this.looker.end();
		this.delivery.close();
		this.lines.close();
	}

	void lookInBackground() {
		this.watch.look();
	}

	@Override
	public WatchMode watchMode() {
		return this.watch.isComplete() ? WatchMode.EVENTS
				: this.watch.isWatching() ? WatchMode.POLLING : WatchMode.STOPPED;
	}

	@Override
	public void announce(TokenStatus before, TokenStatus after, Snapshot snapshot) {
		// if no thread can be created, all of this is repeated
		this.delivery.request();
		this.lines.execute(() -> this.log.changed(before, after, snapshot));
	}

	private ProjectedToken currentAfterLook() {
		look(this.intervals.patience());
		TokenStatus status = status();
		ProjectedToken token = tokenInForce();
		assertOpen();
		if (token == null) {
			throw unavailable(status);
		}
		return token;
	}

	private @Nullable ProjectedToken tokenInForce() {
		HeldToken held = this.publication.snapshot().held();
		return (held != null && held.validity().isInForce(this.time.clock().millis())) ? held.token() : null;
	}

	private void assertOpen() {
		if (this.closed) {
			throw new IllegalStateException("The token source for %s is closed".formatted(this.path));
		}
	}

	private void look(Duration patience) {
		assertOpen();
		try {
			// the snapshot tells what has come of it
			await(this.watch.look(), patience);
		}
		catch (OutOfMemoryError ex) {
			// no thread can be created: what is in memory must do
		}
	}

	private void await(CompletableFuture<Void> look, Duration patience) {
		Deadline.in(patience, this.time).awaitThroughInterrupts(look);
	}

	private TokenUnavailableException unavailable(TokenStatus status) {
		String message = status.message();
		String advice = status.advice();
		if (message == null || advice == null) {
			TokenStatus.Watch watch = status.watch();
			boolean read = watch != null && watch.lastCheckedAt() != null;
			message = read ? "The file is being written" : "The file has not been read yet";
			advice = "Try again: " + (read ? "a file is accepted once it has been unchanged for %d ms."
				.formatted(this.intervals.settling().toMillis()) : "the file system may be slow.");
		}
		return new TokenUnavailableException("No token in force at %s: %s".formatted(this.path, message),
				status.tokenState(), status.sourceState(), advice, this.path, this.judge.audiences());
	}

}
