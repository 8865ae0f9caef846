package dev.psat.spire.workload;

import java.util.List;
import java.util.function.Supplier;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.spire.internal.Time;

/**
 * The settings of an identity.
 */
record WorkloadSettings(String endpoint, Supplier<WorkloadCalls> calls, SvidPreference preference,
		List<TrustDomain> federatesWith, Time time) {

}
