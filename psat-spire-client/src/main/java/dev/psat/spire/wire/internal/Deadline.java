package dev.psat.spire.wire.internal;

import java.io.IOException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

public record Deadline(Time time, long start, long length) {

	private static final int MAX_TIMEOUT = 99_999_999;

	public static Deadline in(Duration timeout, Time time) {
		return new Deadline(time, time.nanos(), TimeUnit.NANOSECONDS.convert(timeout));
	}

	public static Deadline never(Time time) {
		return new Deadline(time, time.nanos(), Long.MAX_VALUE);
	}

	public Deadline within(Duration timeout) {
		return new Deadline(this.time, this.time.nanos(), Math.min(TimeUnit.NANOSECONDS.convert(timeout), remaining()));
	}

	public long remaining() {
		return Math.max(0, this.length - (this.time.nanos() - this.start));
	}

	public boolean isPassed() {
		return remaining() == 0;
	}

	public <T> T await(CompletableFuture<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
		return this.time.await(answer, remaining());
	}

	public void select(Selector selector, long longestMillis) throws IOException {
		this.time.select(selector,
				Math.max(1, Math.min(TimeUnit.NANOSECONDS.toMillis(remaining()) + 1, longestMillis)));
	}

	public Deadline earlier(Duration margin) {
		long remaining = remaining();
		long shorter = Math.max(remaining - margin.toNanos(), Math.min(remaining, TimeUnit.SECONDS.toNanos(1)));
		return new Deadline(this.time, this.time.nanos(), shorter);
	}

	/**
	 * gRPC allows eight digits. Rounded up, so that the server does not give up before
	 * the client.
	 */
	public String grpcTimeout() {
		long millis = TimeUnit.NANOSECONDS.toMillis(remaining()) + 1;
		return (millis <= MAX_TIMEOUT) ? millis + "m" : Math.min(millis / 1000 + 1, MAX_TIMEOUT) + "S";
	}

}
