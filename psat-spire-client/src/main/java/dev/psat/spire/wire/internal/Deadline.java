package dev.psat.spire.wire.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

public record Deadline(long start, long length) {

	public static final Deadline NEVER = new Deadline(System.nanoTime(), Long.MAX_VALUE);

	private static final int MAX_TIMEOUT = 99_999_999;

	public static Deadline in(Duration timeout) {
		return new Deadline(System.nanoTime(), TimeUnit.NANOSECONDS.convert(timeout));
	}

	public Deadline within(Duration timeout) {
		return new Deadline(System.nanoTime(), Math.min(TimeUnit.NANOSECONDS.convert(timeout), remaining()));
	}

	public long remaining() {
		return Math.max(0, this.length - (System.nanoTime() - this.start));
	}

	public boolean isPassed() {
		return remaining() == 0;
	}

	public long millis(long longest) {
		return Math.max(1, Math.min(TimeUnit.NANOSECONDS.toMillis(remaining()) + 1, longest));
	}

	public Deadline earlier(Duration margin) {
		long remaining = remaining();
		long shorter = Math.max(remaining - margin.toNanos(), Math.min(remaining, TimeUnit.SECONDS.toNanos(1)));
		return new Deadline(System.nanoTime(), shorter);
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
