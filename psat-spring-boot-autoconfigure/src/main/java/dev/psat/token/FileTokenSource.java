package dev.psat.token;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

	private final SourceLifecycle lifecycle;

	FileTokenSource(Path path, TokenJudge judge, boolean watch, Clock clock, Intervals intervals) {
		this.path = path;
		this.clock = clock;
		this.intervals = intervals;
		StatusLog log = new StatusLog();
		Delivery delivery = new Delivery(this::status);
		this.delivery = delivery;
		Looker looker = new Looker(path, judge, clock, intervals, (before, after, snapshot) -> {
			// the request first: where no thread is to be had, all of this comes again
			delivery.request();
			log.changed(before, after, snapshot);
			nudge();
		});
		this.looker = looker;
		WatchServices services = watch ? path.getFileSystem()::newWatchService : null;
		this.lifecycle = new SourceLifecycle(looker,
				() -> new LookLoop(looker, new DirectoryWatch(services, intervals.watchRetry()), intervals));
	}

	@Override
	public ProjectedToken current() {
		if (this.lifecycle.isStarted()) {
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
	public void removeListener(TokenListener listener) {
		this.delivery.remove(listener);
	}

	@Override
	public void addObserver(LookObserver observer) {
		assertOpen();
		this.looker.addObserver(observer);
	}

	@Override
	public void start() {
		assertOpen();
		this.lifecycle.start();
		await(this.looker.firstLook(), this.intervals.patience());
	}

	@Override
	public void stop() {
		this.lifecycle.stop();
	}

	@Override
	public void close() {
		this.lifecycle.close();
		this.lookOnDemand.close(this.intervals.patience());
		this.delivery.close();
	}

	/**
	 * Begin to look, without waiting for it.
	 */
	void lookInBackground() {
		this.lookOnDemand.request();
	}

	private void nudge() {
		this.lifecycle.nudge();
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
		if (this.lifecycle.isClosed()) {
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

}
