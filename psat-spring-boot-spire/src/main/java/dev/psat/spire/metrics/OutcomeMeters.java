package dev.psat.spire.metrics;

import dev.psat.spire.SpireObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The meter for success exists from the start, and that for the reason of a failure from
 * its first occurrence.
 */
final class OutcomeMeters implements SpireObserver {

	static final String SUCCESS = "success";

	private final MeterRegistry registry;

	OutcomeMeters(MeterRegistry registry, boolean attests) {
		this.registry = registry;
		// the Workload API has none
		if (attests) {
			attestation(SUCCESS);
		}
		x509SvidRequests(SUCCESS);
		refreshes(SUCCESS);
		jwtSvidRequests(SUCCESS);
	}

	@Override
	public @Nullable Ending requesting(Request request) {
		Timer.Sample sample = Timer.start(this.registry);
		return switch (request.type()) {
			case ATTESTATION -> (outcome) -> sample.stop(attestation(outcome));
			case JWT_SVID -> (outcome) -> sample.stop(jwtSvidRequests(outcome));
			case X509_SVID -> null;
		};
	}

	@Override
	public void x509SvidRequested(String outcome) {
		x509SvidRequests(outcome).increment();
	}

	@Override
	public void refreshed(String outcome) {
		refreshes(outcome).increment();
	}

	private Timer attestation(String outcome) {
		return timer("spire.attestation", "Attestations, including the time in the SPIRE Server's queue", outcome);
	}

	private Timer jwtSvidRequests(String outcome) {
		return timer("spire.jwt.svid.requests", "Requests for a JWT-SVID that memory could not answer", outcome);
	}

	private Counter x509SvidRequests(String outcome) {
		return counter("spire.svid.requests", "Requests for an X.509-SVID, or updates of it, including the first one",
				outcome);
	}

	private Counter refreshes(String outcome) {
		return counter("spire.trust.bundle.refreshes", "Requests for the trust bundle, or updates of it", outcome);
	}

	private Timer timer(String name, String description, String outcome) {
		return Timer.builder(name).tag("outcome", outcome).description(description).register(this.registry);
	}

	private Counter counter(String name, String description, String outcome) {
		return Counter.builder(name).tag("outcome", outcome).description(description).register(this.registry);
	}

}
