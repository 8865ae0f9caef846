package dev.psat.spire.wire.internal;

import java.io.IOException;
import java.nio.channels.Selector;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Nothing else tells the clients what time it is or waits, so that a test can be the
 * master of both. Only what the JDK measures itself is out of its reach, such as the
 * time-out of a socket.
 */
public interface Time {

	/**
	 * No constant, since a stack that ends in its initializer would forbid it for good.
	 */
	static Time ofSystem() {
		return new SystemTime();
	}

	Clock clock();

	/** The monotonic time, which has any origin and may overflow. */
	long nanos();

	<T> T await(CompletableFuture<T> answer, long nanos)
			throws InterruptedException, ExecutionException, TimeoutException;

	/** Returns in time, when the thread is interrupted, or for no reason. */
	void select(Selector selector, long millis) throws IOException;

}
