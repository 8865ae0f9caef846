package dev.psat.spire.server;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.Selector;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.token.TokenClaims;
import org.jspecify.annotations.Nullable;

/**
 * The choice among the authorized entries: one, none, or several IDs without a way to
 * choose.
 */
record EntryChoice(@Nullable AuthorizedEntry entry, boolean lacksInForce, int passedOver, SortedSet<String> candidates,
		SortedSet<String> wanted) {

	/** The order of several entries with the same ID or hint, which is that of SPIRE. */
	private static final Comparator<AuthorizedEntry> OLDEST = Comparator.comparing(AuthorizedEntry::createdAt)
		.thenComparing(AuthorizedEntry::id);

	/** The ID in force is kept as long as it is wanted. */
	static EntryChoice of(List<AuthorizedEntry> entries, CandidateFilter filter, SvidPreference preference,
			@Nullable AuthorizedEntry inForce) {
		List<AuthorizedEntry> candidates = entries.stream().filter(filter::isCandidate).toList();
		List<AuthorizedEntry> wanted = candidates.stream()
			.filter((entry) -> preference.isMetBy(entry.spiffeId(), entry.hint()))
			.toList();
		SortedSet<String> ids = ids((preference.hint() != null) ? oldest(wanted, inForce) : wanted);
		String id = (ids.size() == 1) ? ids.first() : null;
		boolean stays = inForce != null && ids.contains(inForce.spiffeId().toString());
		if (inForce != null && stays) {
			id = inForce.spiffeId().toString();
		}
		boolean lacksInForce = inForce != null && !stays && !contains(entries, inForce);
		return new EntryChoice(oldest(wanted, id), lacksInForce, entries.size() - candidates.size(), ids(candidates),
				ids);
	}

	/** Even if it has changed its ID or is no longer usable. */
	private static boolean contains(List<AuthorizedEntry> entries, AuthorizedEntry entry) {
		return entries.stream().anyMatch((each) -> each.id().equals(entry.id()));
	}

	/** Return the entry that a hint refers to if several have it. */
	private static List<AuthorizedEntry> oldest(List<AuthorizedEntry> entries, @Nullable AuthorizedEntry inForce) {
		Predicate<AuthorizedEntry> stays = (entry) -> inForce != null && entry.spiffeId().equals(inForce.spiffeId());
		return entries.stream()
			.min(Comparator.comparing(stays::test).reversed().thenComparing(OLDEST))
			.stream()
			.toList();
	}

	private static @Nullable AuthorizedEntry oldest(List<AuthorizedEntry> entries, @Nullable String id) {
		return entries.stream().filter((entry) -> entry.spiffeId().toString().equals(id)).min(OLDEST).orElse(null);
	}

	private static SortedSet<String> ids(List<AuthorizedEntry> entries) {
		SortedSet<String> ids = new TreeSet<>();
		entries.forEach((entry) -> ids.add(entry.spiffeId().toString()));
		return ids;
	}

	boolean isAmbiguous() {
		return this.wanted.size() > 1;
	}

	/**
	 * Rejects what is more than a workload, or whose selectors contradict this pod: a
	 * guard against mistakes, since the server has authorized all entries.
	 */
	static final class CandidateFilter {

		private final TrustDomain trustDomain;

		/** By selector kind of SPIRE's workload attestor {@code k8s}. */
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

		/** The ID of a trust domain has no path. */
		private boolean isOfWorkload(SpiffeId id) {
			return id.trustDomain().equals(this.trustDomain) && !id.path().isEmpty() && !id.isReserved();
		}

		/** What is missing from the token contradicts nothing. */
		private boolean contradicts(Selector selector) {
			int colon = selector.value().indexOf(':');
			if (!selector.type().equals("k8s") || colon == -1) {
				return false;
			}
			String known = this.pod.get(selector.value().substring(0, colon));
			return known != null && !known.equals(selector.value().substring(colon + 1));
		}

	}

}
