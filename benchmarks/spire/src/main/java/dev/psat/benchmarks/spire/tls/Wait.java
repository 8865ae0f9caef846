package dev.psat.benchmarks.spire.tls;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.springframework.util.Assert;

/**
 * Waits for a minute at most.
 */
final class Wait {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final int LOOK = 2;

	private Wait() {
	}

	static void until(BooleanSupplier condition, Supplier<String> otherwise) throws InterruptedException {
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (!condition.getAsBoolean()) {
			Assert.state(System.nanoTime() < end, otherwise);
			Thread.sleep(LOOK);
		}
	}

}
