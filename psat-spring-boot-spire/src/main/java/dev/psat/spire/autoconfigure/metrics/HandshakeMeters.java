package dev.psat.spire.autoconfigure.metrics;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.psat.spire.SpiffeSslBundle;
import dev.psat.spire.SvidSslBundle;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * {@link MeterBinder} for the peers that the SSL bundles have accepted and refused. All
 * meters exist from the start, so that the first refusal is an increase.
 */
final class HandshakeMeters implements MeterBinder {

	private final Map<String, ? extends SvidSslBundle> bundles;

	/**
	 * Create the meters.
	 * @param bundles the bundles by name
	 */
	HandshakeMeters(Map<String, ? extends SvidSslBundle> bundles) {
		this.bundles = bundles;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.bundles.forEach((name, bundle) -> {
			if (bundle instanceof SpiffeSslBundle) {
				for (Direction direction : Direction.values()) {
					bind(name, bundle, direction, List.of(HandshakeOutcome.values()), registry);
				}
			}
			else {
				bind(name, bundle, Direction.OUTBOUND, List.of(HandshakeOutcome.ACCEPTED, HandshakeOutcome.UNTRUSTED),
						registry);
			}
		});
	}

	private static void bind(String name, SvidSslBundle bundle, Direction direction, List<HandshakeOutcome> outcomes,
			MeterRegistry registry) {
		for (HandshakeOutcome outcome : outcomes) {
			FunctionCounter
				.builder("spire.psat.handshakes", bundle, (counted) -> counted.handshakes().count(direction, outcome))
				.tag("bundle", name)
				.tag("direction", value(direction))
				.tag("outcome", value(outcome))
				.description("Peers that presented a certificate and were accepted or refused")
				.register(registry);
		}
	}

	private static String value(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

}
