package dev.psat.token;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import dev.psat.token.DirectoryWatch.WatchServices;

/**
 * Keeps the newest token of a file in memory.
 */
final class FileTokenSource implements TokenSource {

	/** Time for a file to rest, and then for its trouble to last, with some to spare. */
	private static final Duration REFRESH_PATIENCE = Duration.ofSeconds(2);

	private final Path path;

	private final Clock clock;

	private final Intervals intervals;

	private final Looker looker;

	private final Delivery delivery;

	private final OnDemandThread lookOnDemand = new OnDemandThread("psat-token-look", this::lookUntilConclusive);

	private final @Nullable WatchServices watchServices;

	private final ReentrantLock lifecycleLock = new ReentrantLock();

	private volatile Phase phase = Phase.NEW;

	private volatile @Nullable LookLoop loop;

	FileTokenSource(Path path, TokenJudge judge, boolean watch, Clock clock, Intervals intervals,
			LookObserver observer) {
		this.path = path;
		this.clock = clock;
		this.intervals = intervals;
		this.watchServices = watch ? path.getFileSystem()::newWatchService : null;
		StatusLog log = new StatusLog();
		Delivery delivery = new Delivery(this::status);
		this.delivery = delivery;
		this.looker = new Looker(path, judge, clock, intervals, observer, (before, after, snapshot) -> {
			log.changed(before, after, snapshot);
			delivery.request();
			nudgeLoop();
		});
	}

	@Override
	public ProjectedToken current() {
		if (this.phase == Phase.STARTED) {
			ProjectedToken token = tokenInForce();
			if (token != null) {
				return token;
			}
		}
		return currentAfterLook();
	}

	@Override
	public TokenStatus status() {
		return this.looker.status();
	}

	@Override
	public TokenStatus refresh() {
		assertOpen();
		await(this.lookOnDemand.request(), REFRESH_PATIENCE);
		return status();
	}

	@Override
	public void addListener(TokenListener listener) {
		assertOpen();
		this.delivery.add(listener);
	}

	@Override
	public void start() {
		startLoop();
		await(this.looker.firstLook(), this.intervals.patience());
	}

	@Override
	public void stop() {
		LookLoop loop = this.loop;
		if (loop != null) {
			loop.stop();
			stopped(loop);
		}
	}

	@Override
	public void close() {
		this.lifecycleLock.lock();
		try {
			this.phase = Phase.CLOSED;
		}
		finally {
			this.lifecycleLock.unlock();
		}
		stop();
		this.lookOnDemand.close(this.intervals.patience());
		this.delivery.close();
	}

	/**
	 * Begin to look, without waiting for it.
	 */
	void lookInBackground() {
		this.lookOnDemand.request();
	}

	private void startLoop() {
		this.lifecycleLock.lock();
		try {
			assertOpen();
			if (this.loop == null || this.loop.isStopping()) {
				LookLoop loop = new LookLoop(this.looker,
						new DirectoryWatch(this.watchServices, this.intervals.watchRetry()), this.intervals);
				this.looker.watchedBy(WatchMode.POLLING);
				loop.start();
				this.loop = loop;
				this.phase = Phase.STARTED;
			}
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

	/**
	 * A look of another thread may have changed when the loop has to look next.
	 */
	private void nudgeLoop() {
		LookLoop loop = this.loop;
		if (loop != null) {
			loop.nudge();
		}
	}

	private ProjectedToken currentAfterLook() {
		assertOpen();
		await(this.lookOnDemand.request(), this.intervals.patience());
		ProjectedToken token = tokenInForce();
		if (token == null) {
			throw unavailable();
		}
		return token;
	}

	private @Nullable ProjectedToken tokenInForce() {
		HeldToken held = this.looker.snapshot().held();
		return (held != null && held.validity().isInForce(this.clock.millis())) ? held.token() : null;
	}

	private void assertOpen() {
		if (this.phase == Phase.CLOSED) {
			throw new IllegalStateException("The source of tokens from %s is closed".formatted(this.path));
		}
	}

	private static void await(Future<Void> look, Duration patience) {
		try {
			look.get(patience.toMillis(), TimeUnit.MILLISECONDS);
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
		while (!look.isConclusive() && System.nanoTime() < deadline && !this.lookOnDemand.isClosed()) {
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
		String message = (status.message() != null) ? status.message() : "The file has not been read yet";
		String advice = (status.advice() != null) ? status.advice() : "Try again: the file system may be slow.";
		return new TokenUnavailableException("No token in force at %s: %s".formatted(this.path, message),
				status.tokenState(), status.sourceState(), advice);
	}

	private enum Phase {

		/** Nothing watches the file: whoever asks wants a look. */
		NEW,

		/** Something watches the file, or did: what is in memory is served. */
		STARTED,

		/** The end. */
		CLOSED

	}

}
