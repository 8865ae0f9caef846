package dev.psat.spire.wire.internal;

import java.io.IOException;
import java.nio.channels.Selector;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

final class SystemTime implements Time {

	@Override
	public Clock clock() {
		return Clock.systemUTC();
	}

	@Override
	public long nanos() {
		return System.nanoTime();
	}

	@Override
	public <T> T await(CompletableFuture<T> answer, long nanos)
			throws InterruptedException, ExecutionException, TimeoutException {
		return answer.get(nanos, TimeUnit.NANOSECONDS);
	}

	@Override
	public void select(Selector selector, long millis) throws IOException {
		selector.select(millis);
	}

}
