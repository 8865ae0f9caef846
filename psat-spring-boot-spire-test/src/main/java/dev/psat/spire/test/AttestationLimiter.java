package dev.psat.spire.test;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.grpc.Deadline;
import io.grpc.Status;
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

	/** As with Go's limiter, this only helps while nobody has reserved a later slot. */
	synchronized void giveBack(Slot slot) {
		this.nextSlots.computeIfPresent(slot.address(),
				(address, next) -> (next == slot.at() + INTERVAL) ? Long.valueOf(slot.at()) : next);
	}

	long delay(Slot slot) {
		return Math.max(0, slot.at() - this.nanoTime.getAsLong());
	}

	record Slot(InetAddress address, long at) {

	}

}
