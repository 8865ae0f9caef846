package dev.psat.spire.workload;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.internal.IdentityLog;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.workload.client.WorkloadX509Svid;
import org.jspecify.annotations.Nullable;

/**
 * The choice among the X.509-SVIDs that the agent offers. What the standard calls the
 * default is not taken, since its order is chance.
 */
record SvidChoice(@Nullable WorkloadX509Svid svid, Set<SpiffeId> ids, Set<String> offered, Set<String> wanted,
		SvidPreference preference) {

	/** The ID in force is kept as long as it is offered. */
	static SvidChoice of(List<WorkloadX509Svid> svids, SvidPreference preference, @Nullable SpiffeId inForce) {
		List<WorkloadX509Svid> wanted = svids.stream()
			.filter((svid) -> preference.isMetBy(svid.svid().spiffeId(), svid.svid().hint()))
			.toList();
		WorkloadX509Svid svid = wanted.stream()
			.filter((each) -> each.svid().spiffeId().equals(inForce))
			.findFirst()
			.orElse((ids(wanted).size() == 1) ? wanted.get(0) : null);
		return new SvidChoice(svid, ids(svids), shown(svids), shown(wanted), preference);
	}

	private static Set<SpiffeId> ids(List<WorkloadX509Svid> svids) {
		return svids.stream().map((svid) -> svid.svid().spiffeId()).collect(Collectors.toSet());
	}

	private static Set<String> shown(List<WorkloadX509Svid> svids) {
		Set<String> shown = new TreeSet<>();
		svids.forEach((svid) -> shown.add(shown(svid.svid())));
		return shown;
	}

	private static String shown(X509Svid svid) {
		return (svid.hint() != null) ? "%s (hint '%s')".formatted(svid.spiffeId(), svid.hint())
				: svid.spiffeId().toString();
	}

	int candidates() {
		return this.ids.size();
	}

	String lack(SpiffeId spiffeId) {
		return this.ids.contains(spiffeId) ? "no longer has " + this.preference.shown()
				: "is no longer offered by the agent";
	}

	boolean isAmbiguous() {
		return this.wanted.size() > 1;
	}

	VisitException failure() {
		if (isAmbiguous()) {
			return new VisitException(VisitException.OwnReason.AMBIGUOUS_ENTRY,
					"The agent offers several SPIFFE IDs to this application: " + IdentityLog.names(this.wanted),
					SvidPreference.SEVERAL_ADVICE);
		}
		return new VisitException(VisitException.OwnReason.NO_ENTRY,
				"None of the X.509-SVIDs that the agent offers has %s, but these: %s".formatted(this.preference.shown(),
						IdentityLog.names(this.offered)),
				this.preference.advice());
	}

}
