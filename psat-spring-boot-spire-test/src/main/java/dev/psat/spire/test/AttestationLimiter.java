package dev.psat.spire.test;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Permits one attestation per second and address, first come first served. An attestation
 * that would have to wait past its deadline is refused immediately. Source:
 * {@code api/limits/limits.go} and {@code api/middleware/ratelimit.go}; order, pace and
 * refusal were seen on a real server. Thread-safe.
 */
final class AttestationLimiter {

	private static final long INTERVAL = Duration.ofSeconds(1).toNanos();

	private final Map<InetAddress, Long> nextSlots = new HashMap<>();

	private final LongSupplier nanoTime;

	private volatile boolean enabled;

	AttestationLimiter(boolean enabled) {
		this(enabled, System::nanoTime);
	}

	AttestationLimiter(boolean enabled, LongSupplier nanoTime) {
		this.enabled = enabled;
		this.nanoTime = nanoTime;
	}

	void enable(boolean enabled) {
		this.enabled = enabled;
	}

	/**
	 * Reserve the next slot of an address.
	 * @param address the address
	 * @param deadline the deadline of the caller, {@code null} for none
	 * @return the slot
	 * @throws StatusRuntimeException if the slot is past the deadline
	 */
	synchronized Slot reserve(InetAddress address, @Nullable Deadline deadline) {
		long now = this.nanoTime.getAsLong();
		if (!this.enabled) {
			return new Slot(address, now);
		}
		Long next = this.nextSlots.get(address);
		long slot = (next != null && next - now > 0) ? next : now;
		if (deadline != null && deadline.timeRemaining(TimeUnit.NANOSECONDS) < slot - now) {
			throw Statuses.of(Status.Code.RESOURCE_EXHAUSTED,
					"rejecting request due to attest agent rate limiting: rate: Wait(n=1) would exceed context deadline");
		}
		this.nextSlots.put(address, slot + INTERVAL);
		return new Slot(address, slot);
	}

	/**
	 * Return a slot that is no longer needed. As with Go's limiter, that only helps while
	 * nobody has reserved a later one.
	 * @param slot the slot
	 */
	synchronized void giveBack(Slot slot) {
		this.nextSlots.computeIfPresent(slot.address(),
				(address, next) -> (next == slot.at() + INTERVAL) ? Long.valueOf(slot.at()) : next);
	}

	/**
	 * Return how long to wait for a slot.
	 * @param slot the slot
	 * @return the time in nanoseconds
	 */
	long delay(Slot slot) {
		return Math.max(0, slot.at() - this.nanoTime.getAsLong());
	}

	/**
	 * The time at which an attestation may proceed.
	 */
	record Slot(InetAddress address, long at) {

	}

}
