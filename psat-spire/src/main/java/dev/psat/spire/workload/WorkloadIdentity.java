package dev.psat.spire.workload;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.internal.ServedIdentity;

/**
 * The identity that an agent on the same machine hands out by the SPIFFE Workload API.
 * SVID and trust bundles survive a stop, but not for long that the agent ceases to offer
 * them.
 *
 * @since 0.1.0
 */
public final class WorkloadIdentity {

	private WorkloadIdentity() {
	}

	/**
	 * Create a builder for an identity.
	 * @return the builder
	 */
	public static WorkloadIdentityBuilder builder() {
		return new WorkloadIdentityBuilder();
	}

	static SpireIdentity of(WorkloadDoor.Settings settings) {
		return new ServedIdentity<>((changed) -> new WorkloadDoor(settings, WorkloadDoor.Memory.of(settings, changed)));
	}

}
