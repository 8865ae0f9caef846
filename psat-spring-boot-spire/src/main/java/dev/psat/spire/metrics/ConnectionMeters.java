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
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * {@link MeterBinder} for the connections that are open with the SSL bundles, and those
 * that were ended with the cause of their authorization. All meters exist from the start.
 */
final class ConnectionMeters implements MeterBinder {

	private final Map<String, ? extends SvidSslBundle> bundles;

	ConnectionMeters(Map<String, ? extends SvidSslBundle> bundles) {
		this.bundles = bundles;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.bundles.forEach((name, bundle) -> {
			Series series = new Series(registry, name, bundle.connections());
			if (bundle instanceof SpiffeSslBundle) {
				List.of(Direction.values()).forEach((direction) -> series.bind(direction, EndCause.values()));
			}
			else {
				// an identity bundle is for clients, and authorizes nobody
				series.bind(Direction.OUTBOUND, EndCause.IDENTITY);
			}
		});
	}

	private record Series(MeterRegistry registry, String bundle, ConnectionCounts counts) {

		void bind(Direction direction, EndCause... causes) {
			Gauge.builder("spire.connections.open", this.counts, (counts) -> counts.open(direction))
				.tag("bundle", this.bundle)
				.tag("direction", HandshakeMeters.value(direction))
				.description("Connections that are open with a peer that was let in by its certificate")
				.strongReference(true)
				.register(this.registry);
			for (EndCause cause : causes) {
				FunctionCounter
					.builder("spire.connections.ended", this.counts, (counts) -> counts.ended(direction, cause))
					.tag("bundle", this.bundle)
					.tag("direction", HandshakeMeters.value(direction))
					.tag("cause", HandshakeMeters.value(cause))
					.description("Connections that were ended because the cause of their authorization had")
					.register(this.registry);
			}
		}

	}

}
