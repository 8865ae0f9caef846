package dev.psat.spire.workload;

import java.util.List;
import java.util.function.Supplier;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.spire.internal.Time;

/**
 * The settings of an identity.
 *
 * @param endpoint where the Workload API is, as the status shows it
 * @param calls creates what calls it, to be closed after use
 * @param preference the wanted SVID
 * @param federatesWith the trust domains with which to federate, in their order
 * @param time the clocks and the random generator
 */
record WorkloadSettings(String endpoint, Supplier<WorkloadCalls> calls, SvidPreference preference,
		List<TrustDomain> federatesWith, Time time) {

}
