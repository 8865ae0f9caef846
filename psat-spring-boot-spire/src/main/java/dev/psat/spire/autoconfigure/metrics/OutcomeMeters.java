package dev.psat.spire.autoconfigure.metrics;

import java.time.Duration;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import dev.psat.spire.SpireObserver;

/**
 * Meters of what is asked of the SPIRE Server. Success is there from the beginning, and
 * the reason of a failure since it first happened.
 */
final class OutcomeMeters implements SpireObserver {

	private static final String SUCCESS = "success";

	private final MeterRegistry registry;

	OutcomeMeters(MeterRegistry registry) {
		this.registry = registry;
		attestation(SUCCESS);
		renewals(SUCCESS);
		refreshes(SUCCESS);
	}

	@Override
	public void attested(String outcome, Duration time) {
		attestation(outcome).record(time);
	}

	@Override
	public void renewed(String outcome) {
		renewals(outcome).increment();
	}

	@Override
	public void refreshed(String outcome) {
		refreshes(outcome).increment();
	}

	private Timer attestation(String outcome) {
		return Timer.builder("spire.psat.attestation")
			.tag("outcome", outcome)
			.description("Attestations, waiting in the queue of the SPIRE Server included")
			.register(this.registry);
	}

	private Counter renewals(String outcome) {
		return counter("spire.psat.svid.renewals", "Requests for another X.509-SVID, the first one included", outcome);
	}

	private Counter refreshes(String outcome) {
		return counter("spire.psat.bundle.refreshes", "Requests for the trust bundle", outcome);
	}

	private Counter counter(String name, String description, String outcome) {
		return Counter.builder(name).tag("outcome", outcome).description(description).register(this.registry);
	}

}
