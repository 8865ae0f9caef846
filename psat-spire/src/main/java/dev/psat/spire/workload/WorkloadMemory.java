package dev.psat.spire.workload;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.internal.Outcomes;
import org.jspecify.annotations.Nullable;

/**
 * What an identity keeps from one start to the next.
 *
 * @param publication publishes the snapshot
 * @param outcomes is notified of outcomes
 * @param last the ID of the last X.509-SVID
 * @param ownTold whether it was told that the own trust domain is listed
 */
record WorkloadMemory(WorkloadPublication publication, Outcomes outcomes, AtomicReference<@Nullable SpiffeId> last,
		AtomicBoolean ownTold) {

	static WorkloadMemory of(WorkloadSettings settings, Runnable changed) {
		return new WorkloadMemory(new WorkloadPublication(settings, changed), new Outcomes(), new AtomicReference<>(),
				new AtomicBoolean());
	}

	/**
	 * Remember the ID of an X.509-SVID.
	 * @return the one before, {@code null} if it is the first one
	 */
	@Nullable SpiffeId lastId(SpiffeId spiffeId) {
		return this.last.getAndSet(spiffeId);
	}

}
