package dev.psat.spire.internal;

import java.util.function.BooleanSupplier;

/**
 * Keeps interrupts that observers, attestors, token sources or log appenders leave behind
 * from cancelling the calls of the visit to the server. An interrupt by a stop remains.
 *
 * @param stopping whether the visits are being stopped, which is known before the visit
 * is interrupted
 */
public record Composure(BooleanSupplier stopping) {

	public void regain() {
		if (Thread.interrupted() && this.stopping.getAsBoolean()) {
			Thread.currentThread().interrupt();
		}
	}

}
