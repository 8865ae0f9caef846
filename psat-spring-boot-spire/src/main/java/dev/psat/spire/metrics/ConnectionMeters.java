package dev.psat.spire.metrics;

import java.util.List;
import java.util.Map;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.ssl.SvidSslBundle;
import dev.psat.spire.tls.ConnectionCounts;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Meters of the connections that are open with the SSL bundles, and those that were ended
 * with the cause of their authorization. All exist from the start.
 */
record ConnectionMeters(MeterRegistry registry) {

	void bind(Map<String, ? extends SvidSslBundle> bundles) {
		bundles.forEach((name, bundle) -> {
			ConnectionCounts counts = bundle.connections();
			if (bundle instanceof SpiffeSslBundle) {
				List.of(Direction.values()).forEach((direction) -> bind(name, counts, direction, EndCause.values()));
			}
			else {
				// an identity bundle is for clients, and authorizes nobody
				bind(name, counts, Direction.OUTBOUND, EndCause.IDENTITY);
			}
		});
	}

	private void bind(String bundle, ConnectionCounts counts, Direction direction, EndCause... causes) {
		Gauge.builder("spire.connections.open", counts, (current) -> current.open(direction))
			.tag("bundle", bundle)
			.tag("direction", HandshakeMeters.value(direction))
			.description("Connections that are open with a peer that was let in by its certificate")
			.strongReference(true)
			.register(this.registry);
		for (EndCause cause : causes) {
			FunctionCounter.builder("spire.connections.ended", counts, (current) -> current.ended(direction, cause))
				.tag("bundle", bundle)
				.tag("direction", HandshakeMeters.value(direction))
				.tag("cause", HandshakeMeters.value(cause))
				.description("Connections that were ended because the cause of their authorization had")
				.register(this.registry);
		}
	}

}
