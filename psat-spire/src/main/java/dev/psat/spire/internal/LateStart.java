package dev.psat.spire.internal;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Starts what runs until a stop, at the latest when it is first used: beans may need it
 * before the life cycle of the application starts it. No lock is held while foreign code
 * is called, which may hang.
 */
public final class LateStart<R extends LateStart.Run> {

	private final Supplier<R> runs;

	private volatile @Nullable R current;

	private volatile boolean startsOnUse = true;

	private volatile boolean closed;

	public LateStart(Supplier<R> runs) {
		this.runs = runs;
	}

	public @Nullable R current() {
		return this.current;
	}

	public boolean isClosed() {
		return this.closed;
	}

	public void start() {
		listen(startAlone(false));
	}

	/** Unless there has already been a start, a stop or the end. */
	public void startOnUse() {
		if (this.startsOnUse) {
			listen(startAlone(true));
		}
	}

	private synchronized @Nullable R startAlone(boolean onUse) {
		if (onUse && (!this.startsOnUse || this.closed)) {
			return null;
		}
		if (this.closed) {
			throw new IllegalStateException("The SPIRE identity is closed");
		}
		if (this.current != null) {
			return null;
		}
		R run = this.runs.get();
		this.current = run;
		// not before, or whoever uses it at the same time would find it stopped
		this.startsOnUse = false;
		try {
			run.start();
			return run;
		}
		catch (RuntimeException | Error ex) {
			stopAlone();
			throw ex;
		}
	}

	private void listen(@Nullable R run) {
		if (run != null) {
			try {
				run.listen();
			}
			// including undeclared exceptions: foreign code need not be written in Java
			catch (Throwable ex) {
				abandon(run);
				ceaseToListen(run, ex);
				throw ex;
			}
		}
	}

	private void ceaseToListen(R run, Throwable failure) {
		try {
			run.ceaseToListen();
		}
		catch (Throwable ex) {
			failure.addSuppressed(ex);
		}
	}

	private synchronized void abandon(R run) {
		// it may have been stopped in the meantime
		if (this.current == run) {
			stopAlone();
		}
	}

	/** It can be started again, but not by its use. */
	public void stop() {
		R run = this.current;
		try {
			run = stopAlone();
		}
		finally {
			if (run != null) {
				run.ceaseToListen();
			}
		}
	}

	private synchronized @Nullable R stopAlone() {
		this.startsOnUse = false;
		R run = this.current;
		this.current = null;
		if (run != null) {
			run.close();
		}
		return run;
	}

	public void close() {
		this.closed = true;
		stop();
	}

	/**
	 * What runs from a start to a stop. A lock is held while it starts and closes, so
	 * that these must not call foreign code.
	 */
	public interface Run extends AutoCloseable {

		void start();

		void listen();

		@Override
		void close();

		/** Even to what has not begun yet. */
		void ceaseToListen();

	}

}
