package dev.psat.spire.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import dev.psat.concurrent.internal.LeastDraws;
import dev.psat.concurrent.internal.ShiftedTime;
import dev.psat.concurrent.internal.Time;

/**
 * Time that passes by itself, and faster where a test says so: for everybody, or by the
 * clocks of all but the identity. Threads that sleep do so in real time. Chance draws the
 * least, so that nobody waits for long.
 */
public final class PassingTime {

	private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);

	private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

	/**
	 * Let time pass for everyone.
	 * @param time how much
	 */
	public void pass(Duration time) {
		this.passed.updateAndGet((passed) -> passed.plus(time));
	}

	/**
	 * Set the clock of everybody but the identity.
	 * @param ahead how far it is ahead of that of the identity, negative if behind
	 */
	public void setOthersAhead(Duration ahead) {
		this.ahead.set(ahead);
	}

	/**
	 * What the server, kubelet and the API server see.
	 * @return the clock
	 */
	public Clock clock() {
		return shifted(() -> this.passed.get().plus(this.ahead.get()));
	}

	/**
	 * What the identity sees.
	 * @return the time
	 */
	public Time time() {
		return new ShiftedTime(shifted(this.passed::get), () -> System.nanoTime() + this.passed.get().toNanos(),
				new LeastDraws());
	}

	private static Clock shifted(Supplier<Duration> shift) {
		InstantSource clock = () -> Instant.now().plus(shift.get());
		return clock.withZone(ZoneOffset.UTC);
	}

}
