package dev.psat.health;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import dev.psat.token.TokenSource;
import dev.psat.token.TokenStatus;

/**
 * {@link HealthIndicator} that is up while the token is in force. It says nothing of
 * liveness or readiness: an outage of the API server must not take out every replica.
 *
 * @since 0.1.0
 */
public final class PsatHealthIndicator extends AbstractHealthIndicator {

	private final TokenSource source;

	private final boolean enabled;

	/**
	 * Create an indicator.
	 * @param source the source of tokens
	 * @param enabled whether attestation is enabled; if not, the health is unknown
	 */
	public PsatHealthIndicator(TokenSource source, boolean enabled) {
		super("The status of the token could not be determined");
		this.source = source;
		this.enabled = enabled;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		if (!this.enabled) {
			builder.unknown();
			return;
		}
		TokenStatus status = this.source.status();
		builder.status(status.tokenState().isInForce() ? Status.UP : Status.DOWN);
		detail(builder, "tokenState", status.tokenState());
		detail(builder, "sourceState", status.sourceState());
		detail(builder, "expiresAt", status.expiresAt());
		detail(builder, "message", status.message());
		detail(builder, "advice", status.advice());
	}

	private static void detail(Health.Builder builder, String name, @Nullable Object value) {
		if (value != null) {
			builder.withDetail(name, value);
		}
	}

}
