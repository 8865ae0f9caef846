package dev.psat.spire.internal;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;

/**
 * Reports in the log which authorities trust bundles go without, each of them once for as
 * long as the bundle of its trust domain has it.
 */
public final class LeftOutReport {

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
					bundle.trustDomain(), Names.shown(news));
		}
	}

}
