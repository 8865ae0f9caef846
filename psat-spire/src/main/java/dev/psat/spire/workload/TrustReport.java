package dev.psat.spire.workload;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.internal.Federation;
import dev.psat.spire.internal.FederationReport;
import dev.psat.spire.internal.IdentityLog;

final class TrustReport {

	private static final IdentityLog logger = new IdentityLog();

	private final List<TrustDomain> configured;

	private final AtomicBoolean ownTold;

	private final FederationReport report = new FederationReport();

	private final FederationReport.LeftOutReport leftOut = new FederationReport.LeftOutReport();

	TrustReport(List<TrustDomain> configured, AtomicBoolean ownTold) {
		this.configured = configured;
		this.ownTold = ownTold;
	}

	void became(WorkloadPublication.Change change, SpiffeId spiffeId) {
		OfferedTrust after = change.after().trust();
		if (this.configured.contains(spiffeId.trustDomain()) && !this.ownTold.getAndSet(true)) {
			logger.warn("'spire.federates-with' lists {}, which is the own trust domain. Remove it",
					spiffeId.trustDomain());
		}
		this.report.unlisted(spiffeId,
				after.federated()
					.keySet()
					.stream()
					.filter((trustDomain) -> !this.configured.contains(trustDomain))
					.map(TrustDomain::toString)
					.sorted()
					.toList());
		federated(change);
	}

	void received(TrustBundle own, Map<TrustDomain, TrustBundle> federated) {
		this.leftOut.received(own);
		this.configured.stream().map(federated::get).filter(Objects::nonNull).forEach(this.leftOut::received);
	}

	/** Either stream may have brought it about. */
	static void federated(WorkloadPublication.Change change) {
		for (Federation.Domain domain : change.after().trust().federation().domains()) {
			change.before()
				.trust()
				.configured()
				.domains()
				.stream()
				.filter((each) -> each.trustDomain().equals(domain.trustDomain()))
				.forEach((each) -> FederationReport.became(each, domain,
						"Let its registration entry federate with '%s'.".formatted(domain.trustDomain())));
		}
	}

}
