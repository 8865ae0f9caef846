package dev.psat.spire.internal;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;

/** Logs what becomes of the trust in federated trust domains, each change once. */
public final class FederationReport {

	private static final IdentityLog logger = new IdentityLog();

	/** The reasons of failures that have been logged and are not over. */
	private final Map<TrustDomain, Set<String>> logged = new HashMap<>();

	private Set<String> unlisted = Collections.emptySet();

	public void unlisted(SpiffeId spiffeId, Collection<String> names) {
		Set<String> unlisted = Set.copyOf(names);
		if (!unlisted.equals(this.unlisted)) {
			this.unlisted = unlisted;
			if (!unlisted.isEmpty()) {
				logger.info("The entry of {} federates with {}, whose workloads are not trusted, since "
						+ "'spire.federates-with' does not list them", spiffeId, IdentityLog.names(names));
			}
		}
	}

	/**
	 * A failure is over with the second answer in a row, since several servers behind one
	 * name may answer in turn.
	 */
	public void answered(Federation.Domain before) {
		if (before.lastError() == null) {
			this.logged.remove(before.trustDomain());
		}
	}

	public void failed(TrustDomain trustDomain, VisitException failure) {
		if (this.logged.computeIfAbsent(trustDomain, (any) -> new HashSet<>()).add(failure.reason())) {
			logger.warn("The trust bundle of {} could not be refreshed, and what is known of it stays: {}. {}",
					trustDomain, failure.getMessage(), failure.advice());
		}
	}

	public static void became(Federation.Domain before, Federation.Domain domain, String advice) {
		if (domain.state() == before.state()) {
			return;
		}
		TrustBundle bundle = domain.bundle();
		if (bundle != null) {
			logger.info("Trusting workloads of {} from now on ({} X.509 and {} JWT authorities)", domain.trustDomain(),
					bundle.x509Authorities().size(), bundle.jwtAuthorities().size());
		}
		else {
			logger.warn("{} workloads of {}: {}. {}", (before.bundle() != null) ? "No longer trusting" : "Not trusting",
					domain.trustDomain(), domain.absence(), advice);
		}
	}

	/**
	 * Logs which authorities trust bundles go without, each once for as long as its
	 * bundle has it.
	 */
	public static final class LeftOutReport {

		private static final IdentityLog logger = new IdentityLog();

		private final Map<TrustDomain, Set<String>> told = new HashMap<>();

		public void received(TrustBundle bundle) {
			Set<String> now = Set.copyOf(bundle.leftOut());
			Set<String> before = (now.isEmpty()) ? this.told.remove(bundle.trustDomain())
					: this.told.put(bundle.trustDomain(), now);
			Set<String> news = new LinkedHashSet<>(bundle.leftOut());
			if (before != null) {
				news.removeAll(before);
			}
			if (!news.isEmpty()) {
				logger.warn(
						"Authorities in the trust bundle of {} are left out, and vouch for nobody: {}. Whoever runs it should replace them.",
						bundle.trustDomain(), IdentityLog.names(news));
			}
		}

	}

}
