package dev.psat.concurrent.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

import dev.psat.support.VirtualTime;

/**
 * Virtual time as what we wait in. Chance draws the least.
 */
public final class TestTime implements Time {

	private final VirtualTime time = new VirtualTime();

	private volatile boolean clockFailing;

	@Override
	public Clock clock() {
		InstantSource clock = () -> {
			if (this.clockFailing) {
				throw new IllegalStateException("on purpose");
			}
			return this.time.clock().instant();
		};
		return clock.withZone(ZoneOffset.UTC);
	}

	@Override
	public long nanos() {
		return this.time.nanos();
	}

	@Override
	public void sleep(long nanos) throws InterruptedException {
		this.time.sleep(nanos);
	}

	@Override
	public <T> T await(CompletableFuture<T> answer, long nanos)
			throws InterruptedException, ExecutionException, TimeoutException {
		return this.time.await(answer, nanos);
	}

	@Override
	public void start(Thread thread) {
		this.time.start(thread);
	}

	@Override
	public RandomGenerator random() {
		return new LeastDraws();
	}

	/** See {@link VirtualTime#pass(Duration)}. */
	public void pass(Duration time) {
		this.time.pass(time);
	}

	/** See {@link VirtualTime#passInVain(Duration)}. */
	public void passInVain(Duration time) {
		this.time.passInVain(time);
	}

	/** See {@link VirtualTime#settle()}. */
	public void settle() {
		this.time.settle();
	}

	/** See {@link VirtualTime#hang(CompletableFuture)}. */
	public void hang(CompletableFuture<?> end) throws InterruptedException {
		this.time.hang(end);
	}

	/**
	 * Let the wall clock fail, as one of a user's may.
	 */
	public void setClockFailing(boolean failing) {
		this.clockFailing = failing;
	}

	/** See {@link VirtualTime#setAhead(Duration)}. */
	public void setAhead(Duration ahead) {
		this.time.setAhead(ahead);
	}

}
