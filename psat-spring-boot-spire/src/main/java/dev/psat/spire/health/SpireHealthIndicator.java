package dev.psat.spire.health;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.psat.spire.FederationState;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.util.Assert;

/**
 * {@link HealthIndicator} that is up while an X.509-SVID is in force, regardless of the
 * state of the token, of the SPIRE Server or of federated trust domains, unless the
 * server has banned this application or mistaken it for its node. It only reads memory,
 * and does not by itself affect liveness or readiness.
 *
 * @since 0.1.0
 */
public final class SpireHealthIndicator extends AbstractHealthIndicator {

	private final SpireIdentity identity;

	/**
	 * Create an indicator.
	 * @param identity the identity
	 */
	public SpireHealthIndicator(SpireIdentity identity) {
		super("The status of the SPIRE identity could not be determined");
		Assert.notNull(identity, "'identity' must not be null");
		this.identity = identity;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		SpireStatus status = this.identity.status();
		builder.status(healthOf(status.state())).withDetail("state", status.state());
		SpireStatus.Svid svid = status.svid();
		if (svid != null) {
			builder.withDetail("id", svid.id().toString()).withDetail("expiresAt", svid.expiresAt());
		}
		describe(status.federation(), builder);
		describe(status.lastError(), builder);
	}

	private static Status healthOf(SpireState state) {
		if (state == SpireState.DISABLED) {
			return Status.UNKNOWN;
		}
		return state.isUp() ? Status.UP : Status.DOWN;
	}

	private static void describe(List<SpireStatus.Federation> federation, Health.Builder builder) {
		if (!federation.isEmpty()) {
			Map<String, FederationState> states = new LinkedHashMap<>();
			federation.forEach((each) -> states.put(each.trustDomain().name(), each.state()));
			builder.withDetail("federation", states);
		}
	}

	private static void describe(SpireStatus.@Nullable LastError lastError, Health.Builder builder) {
		if (lastError != null) {
			builder.withDetail("reason", lastError.reason())
				.withDetail("message", lastError.message())
				.withDetail("advice", lastError.advice());
		}
	}

}
