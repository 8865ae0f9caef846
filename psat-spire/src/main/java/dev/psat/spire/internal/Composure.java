package dev.psat.spire.internal;

import java.util.function.BooleanSupplier;

/**
 * Keeps interrupts that observers, attestors, token sources or log appenders leave behind
 * from cancelling calls. An interrupt by a stop, which is known before, remains.
 */
public record Composure(BooleanSupplier stopping) {

	public void regain() {
		if (Thread.interrupted() && this.stopping.getAsBoolean()) {
			Thread.currentThread().interrupt();
		}
	}

}
