package dev.psat.autoconfigure.metrics;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;

import dev.psat.token.TokenClaims;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;

/**
 * Meters of the token in memory.
 */
final class TokenMeters implements MeterBinder {

	private final TokenSource source;

	private final boolean enabled;

	private final List<String> audiences;

	TokenMeters(TokenSource source, boolean enabled, List<String> audiences) {
		this.source = source;
		this.enabled = enabled;
		this.audiences = List.copyOf(audiences);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		TimeGauge
			.builder("spire.psat.token.expires.in", this, TimeUnit.SECONDS,
					(meters) -> expiresIn(meters.source.status()))
			.description("Time until the token expires, negative once it has")
			.strongReference(true)
			.register(registry);
		gauge(registry, "spire.psat.token.usable", "Whether a payload can be produced",
				(meters) -> meters.isUsable(meters.source.status()) ? 1 : 0);
		gauge(registry, "spire.psat.token.overdue", "Whether kubelet has missed the rotation of the token",
				(meters) -> isOverdue(meters.source.status()) ? 1 : 0);
		counter(registry, "spire.psat.token.rotations", "How often the token was replaced by another",
				(meters) -> meters.source.status().rotations());
		counter(registry, "spire.psat.token.missed.events", "Changes that were noticed by polling alone",
				(meters) -> meters.source.status().missedEvents());
	}

	private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<TokenMeters> value) {
		Gauge.builder(name, this, value).description(description).strongReference(true).register(registry);
	}

	private void counter(MeterRegistry registry, String name, String description, ToDoubleFunction<TokenMeters> value) {
		FunctionCounter.builder(name, this, value).description(description).register(registry);
	}

	private static double expiresIn(TokenStatus status) {
		Duration expiresIn = status.expiresIn();
		return (expiresIn != null) ? expiresIn.toSeconds() : Double.NaN;
	}

	private boolean isUsable(TokenStatus status) {
		TokenClaims claims = status.claims();
		return this.enabled && status.tokenState().isInForce() && claims != null && claims.isMeantFor(this.audiences);
	}

	private static boolean isOverdue(TokenStatus status) {
		return status.tokenState() == TokenState.OVERDUE
				|| (status.tokenState() == TokenState.EXPIRED && status.rotationDueAt() != null);
	}

}
