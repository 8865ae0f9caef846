package dev.psat.token;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the newest token of a file in memory.
 */
final class FileTokenSource implements TokenSource {

	/** Time for a file to rest, and then for its trouble to last, with some to spare. */
	private static final Duration REFRESH_PATIENCE = Duration.ofSeconds(2);

	private final Path path;

	private final boolean watch;

	private final Clock clock;

	private final Intervals intervals;

	private final Looker looker;

	private final Delivery delivery;

	private final OnDemandThread asked = new OnDemandThread("psat-token-look", this::lookUntilConclusive);

	private final ReentrantLock lifecycleLock = new ReentrantLock();

	private @Nullable LookLoop loop;

	private volatile boolean closed;

	FileTokenSource(Path path, TokenJudge judge, boolean watch, Clock clock, Intervals intervals,
			LookObserver observer) {
		this.path = path;
		this.watch = watch;
		this.clock = clock;
		this.intervals = intervals;
		StatusLog log = new StatusLog();
		Delivery delivery = new Delivery(this::status);
		this.delivery = delivery;
		this.looker = new Looker(path, judge, clock, intervals, observer, (before, after, snapshot) -> {
			delivery.request();
			log.changed(before, after, snapshot);
		});
	}

	@Override
	public ProjectedToken current() {
		ProjectedToken token = tokenInForce();
		if (token == null) {
			waitForLook(this.intervals.patience());
			token = tokenInForce();
		}
		if (token == null) {
			throw unavailable();
		}
		return token;
	}

	@Override
	public TokenStatus status() {
		return this.looker.status();
	}

	@Override
	public TokenStatus refresh() {
		assertOpen();
		waitForLook(REFRESH_PATIENCE);
		return status();
	}

	@Override
	public void addListener(TokenListener listener) {
		this.delivery.add(listener);
	}

	@Override
	public void start() {
		startLoop();
		if (this.looker.snapshot().source().state() == null) {
			waitForLook(this.intervals.patience());
		}
	}

	@Override
	public void stop() {
		LookLoop loop = runningLoop();
		if (loop != null) {
			loop.stop();
			stopped(loop);
		}
	}

	@Override
	public void close() {
		this.closed = true;
		stop();
		this.asked.close(this.intervals.patience());
		this.delivery.close();
	}

	/**
	 * Begin to look, without waiting for it.
	 */
	void lookInBackground() {
		this.asked.request();
	}

	private void startLoop() {
		this.lifecycleLock.lock();
		try {
			assertOpen();
			if (this.loop == null || this.loop.isStopping()) {
				LookLoop loop = new LookLoop(this.looker, this.watch ? directoryWatch() : null, this.intervals);
				this.looker.watchedBy(WatchMode.POLLING);
				loop.start();
				this.loop = loop;
			}
		}
		finally {
			this.lifecycleLock.unlock();
		}
	}

	private @Nullable LookLoop runningLoop() {
		this.lifecycleLock.lock();
		try {
			return this.loop;
		}
		finally {
			this.lifecycleLock.unlock();
		}
	}

	private void stopped(LookLoop loop) {
		this.lifecycleLock.lock();
		try {
			if (this.loop == loop) {
				this.loop = null;
				this.looker.watchedBy(WatchMode.STOPPED);
			}
		}
		finally {
			this.lifecycleLock.unlock();
		}
	}

	private DirectoryWatch directoryWatch() {
		return new DirectoryWatch(this.path.getFileSystem()::newWatchService, this.intervals.watchRetry());
	}

	private @Nullable ProjectedToken tokenInForce() {
		assertOpen();
		HeldToken held = this.looker.snapshot().held();
		return (held != null && held.validity().isInForce(this.clock.millis())) ? held.token() : null;
	}

	private void assertOpen() {
		if (this.closed) {
			throw new IllegalStateException("The source of tokens from %s is closed".formatted(this.path));
		}
	}

	private void waitForLook(Duration patience) {
		try {
			this.asked.request().get(patience.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException | ExecutionException ex) {
			// what is in memory tells the rest
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void lookUntilConclusive() {
		long cause = System.nanoTime();
		long deadline = cause + REFRESH_PATIENCE.toNanos();
		Look look = this.looker.look(cause);
		while (!look.isConclusive() && System.nanoTime() < deadline && !this.asked.isClosed()) {
			try {
				TimeUnit.NANOSECONDS.sleep(look.again().toNanos());
			}
			catch (InterruptedException ex) {
				return;
			}
			look = this.looker.look(cause);
		}
	}

	private TokenUnavailableException unavailable() {
		TokenStatus status = status();
		String message = (status.message() != null) ? status.message()
				: "%s has not been read yet".formatted(this.path);
		String advice = (status.advice() != null) ? status.advice() : "Try again: the file system may be slow.";
		return new TokenUnavailableException("No token in force: " + message, status.tokenState(), status.sourceState(),
				advice);
	}

}
