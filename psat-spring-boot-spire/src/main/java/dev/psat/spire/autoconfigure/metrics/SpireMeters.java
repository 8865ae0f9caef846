package dev.psat.spire.autoconfigure.metrics;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStatus;

/**
 * Meters of the SPIRE identity.
 */
final class SpireMeters implements MeterBinder {

	private final SpireIdentity identity;

	private final Clock clock;

	SpireMeters(SpireIdentity identity, Clock clock) {
		this.identity = identity;
		this.clock = clock;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		TimeGauge.builder("spire.psat.svid.expires.in", this, TimeUnit.SECONDS, SpireMeters::expiresIn)
			.description("Time until the X.509-SVID expires, negative once it has")
			.strongReference(true)
			.register(registry);
		this.identity.addObserver(new OutcomeMeters(registry));
	}

	private double expiresIn() {
		SpireStatus.Svid svid = this.identity.status().svid();
		return (svid != null) ? Duration.between(this.clock.instant(), svid.expiresAt()).toSeconds() : Double.NaN;
	}

}
