package dev.psat.spire.server;

import java.util.HashMap;
import java.util.Map;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.Selector;
import dev.psat.token.TokenClaims;
import org.jspecify.annotations.Nullable;

/**
 * Selects the entries of this workload from those that its agent may obtain. Entries that
 * are more than a workload or whose selectors contradict this pod are rejected. This is a
 * guard against mistakes, since the server has authorized all of them.
 */
final class CandidateFilter {

	private final TrustDomain trustDomain;

	/**
	 * Properties of the pod by selector kind of SPIRE's workload attestor {@code k8s}.
	 */
	private final Map<String, String> pod = new HashMap<>();

	CandidateFilter(TrustDomain trustDomain, TokenClaims claims) {
		this.trustDomain = trustDomain;
		know("ns", claims.namespace());
		know("sa", name(claims.serviceAccount()));
		know("pod-uid", (claims.pod() != null) ? claims.pod().uid() : null);
		know("pod-name", name(claims.pod()));
		know("node-name", name(claims.node()));
	}

	private static @Nullable String name(TokenClaims.@Nullable Reference reference) {
		return (reference != null) ? reference.name() : null;
	}

	private void know(String kind, @Nullable String value) {
		if (value != null) {
			this.pod.put(kind, value);
		}
	}

	boolean isCandidate(AuthorizedEntry entry) {
		return !entry.storeSvid() && !entry.admin() && !entry.downstream() && isOfWorkload(entry.spiffeId())
				&& entry.selectors().stream().noneMatch(this::contradicts);
	}

	/**
	 * Return whether an ID belongs to a workload. That of a trust domain, without a path,
	 * does not.
	 */
	private boolean isOfWorkload(SpiffeId id) {
		return id.trustDomain().equals(this.trustDomain) && !id.path().isEmpty() && !id.isReserved();
	}

	/**
	 * Return whether a selector contradicts the token. Properties that are missing from
	 * the token contradict nothing.
	 */
	private boolean contradicts(Selector selector) {
		int colon = selector.value().indexOf(':');
		if (!selector.type().equals("k8s") || colon == -1) {
			return false;
		}
		String known = this.pod.get(selector.value().substring(0, colon));
		return known != null && !known.equals(selector.value().substring(colon + 1));
	}

}
