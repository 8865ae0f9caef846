package dev.psat.health;

import dev.psat.PsatAttestor;
import dev.psat.status.internal.SafeStatus;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenStatus;
import dev.psat.token.TokenUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.util.Assert;

/**
 * {@link HealthIndicator} that is up while the token can be used. Not meant for liveness
 * or readiness, since an outage of the API server must not take out every replica.
 *
 * @since 0.1.0
 */
public final class PsatHealthIndicator extends AbstractHealthIndicator {

	private static final String FAILED = "The status of the token could not be determined";

	private final @Nullable TokenSource source;

	private final @Nullable PsatAttestor attestor;

	private final boolean enabled;

	/**
	 * Create an indicator for a source whose token can be used while it is in force.
	 * @param source the source of tokens
	 */
	public PsatHealthIndicator(TokenSource source) {
		this(source, null, true);
	}

	/**
	 * Create an indicator for a source whose token can be used while a payload is
	 * available.
	 * @param source the source of tokens
	 * @param attestor the attestor that creates payloads from its tokens, or {@code null}
	 * if there is none
	 * @param enabled whether attestation is enabled; if not, the health is unknown
	 */
	public PsatHealthIndicator(TokenSource source, @Nullable PsatAttestor attestor, boolean enabled) {
		super(FAILED);
		Assert.notNull(source, "'source' must not be null");
		this.source = source;
		this.attestor = attestor;
		this.enabled = enabled;
	}

	private PsatHealthIndicator() {
		super(FAILED);
		this.source = null;
		this.attestor = null;
		this.enabled = true;
	}

	/**
	 * Create an indicator for an application that needs no token. It is always up, since
	 * a group that names it would not be valid without it.
	 * @return the indicator
	 */
	public static PsatHealthIndicator withoutToken() {
		return new PsatHealthIndicator();
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		if (!this.enabled) {
			builder.unknown();
			return;
		}
		if (this.source == null) {
			builder.up();
			return;
		}
		TokenStatus status = SafeStatus.of(this.source::status);
		TokenUnavailableException refusal = (this.attestor != null) ? SafeStatus.refusal(this.attestor) : null;
		boolean usable = (this.attestor != null) ? refusal == null : status.tokenState().isInForce();
		TokenStatus shown = SafeStatus.withRefusal(status, refusal);
		builder.status(usable ? Status.UP : Status.DOWN);
		detail(builder, "tokenState", (refusal != null) ? refusal.tokenState() : shown.tokenState());
		detail(builder, "sourceState", shown.sourceState());
		detail(builder, "expiresAt", (shown.token() != null) ? shown.token().expiresAt() : null);
		detail(builder, "message", shown.message());
		detail(builder, "advice", shown.advice());
	}

	private static void detail(Health.Builder builder, String name, @Nullable Object value) {
		if (value != null) {
			builder.withDetail(name, value);
		}
	}

}
