package dev.psat.spire.internal;

import java.util.function.Supplier;

import dev.psat.concurrent.internal.Delivery;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import org.jspecify.annotations.Nullable;

/**
 * What observers of the status are told of.
 *
 * @param state the state
 * @param svid how many X.509-SVIDs there have been
 * @param authorities how many different sets of X.509 authorities there have been
 * @param federation how often the authorities of federated trust domains have changed
 */
public record News(SpireState state, long svid, long authorities, long federation) {

	private static final SpireStatus NOTHING = SpireStatus.builder(SpireState.STARTING).build();

	public static Delivery<SpireStatus> delivery(Supplier<SpireStatus> status) {
		return new Delivery<>("psat-spire-events",
				() -> new RepeatedError(SpireIdentity.class, "An observer of the SPIRE identity failed"), NOTHING,
				status, (previous, current) -> !of(previous).equals(of(current)));
	}

	public static News of(SpireStatus status) {
		SpireStatus.Svid svid = status.svid();
		return of(status.state(), (svid != null) ? svid.generation() : 0, status.trustBundle(),
				status.federation().stream().mapToLong(SpireStatus.Federation::generation).sum());
	}

	public static News of(SpireState state, long svid, SpireStatus.@Nullable Bundle trustBundle, long federation) {
		return new News(state, svid, (trustBundle != null) ? trustBundle.generation() : 0, federation);
	}

}
