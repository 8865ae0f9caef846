package dev.psat.spire.autoconfigure.metrics;

import java.util.Locale;

import dev.psat.spire.SpiffeSslBundle;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * {@link MeterBinder} for the peers that the SSL bundle has accepted and refused. All
 * meters exist from the start, so that the first refusal is an increase.
 */
final class HandshakeMeters implements MeterBinder {

	private final SpiffeSslBundle bundle;

	HandshakeMeters(SpiffeSslBundle bundle) {
		this.bundle = bundle;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (Direction direction : Direction.values()) {
			for (HandshakeOutcome outcome : HandshakeOutcome.values()) {
				counter(direction, outcome).register(registry);
			}
		}
	}

	private FunctionCounter.Builder<SpiffeSslBundle> counter(Direction direction, HandshakeOutcome outcome) {
		return FunctionCounter
			.builder("spire.psat.handshakes", this.bundle, (bundle) -> bundle.handshakes().count(direction, outcome))
			.tag("direction", value(direction))
			.tag("outcome", value(outcome))
			.description("Peers that presented a certificate and were accepted or refused");
	}

	private static String value(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

}
