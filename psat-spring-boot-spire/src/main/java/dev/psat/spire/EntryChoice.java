package dev.psat.spire;

import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

import dev.psat.spire.client.AuthorizedEntry;
import org.jspecify.annotations.Nullable;

/**
 * Which of the authorized entries the workload takes. Three outcomes: one entry, none, or
 * several IDs between which nobody has decided.
 *
 * @param entry the entry, {@code null} if there is none or no single one
 * @param lacksInForce whether the entry of the SVID in force is missing, so that
 * {@code entry} is another one
 * @param passedOver how many entries are no candidates
 * @param candidates the IDs that the workload could obtain, in their order
 * @param wanted those of them that {@link Wish} left
 */
record EntryChoice(@Nullable AuthorizedEntry entry, boolean lacksInForce, int passedOver, SortedSet<String> candidates,
		SortedSet<String> wanted) {

	/** Of several entries with one ID or one hint, as SPIRE has it. */
	private static final Comparator<AuthorizedEntry> OLDEST = Comparator.comparing(AuthorizedEntry::createdAt)
		.thenComparing(AuthorizedEntry::id);

	/**
	 * Choose among entries.
	 * @param entries the authorized entries
	 * @param filter tells candidates from entries that are none
	 * @param wish what the application wants
	 * @param inForce the entry of the SVID in force, {@code null} if there is none: its
	 * ID stays as long as it is among those that are wanted
	 * @return the choice
	 */
	static EntryChoice of(List<AuthorizedEntry> entries, CandidateFilter filter, Wish wish,
			@Nullable AuthorizedEntry inForce) {
		List<AuthorizedEntry> candidates = entries.stream().filter(filter::isCandidate).toList();
		List<AuthorizedEntry> wanted = candidates.stream().filter(wish::isMetBy).toList();
		SortedSet<String> ids = ids((wish.hint() != null) ? oldest(wanted, inForce) : wanted);
		String id = (ids.size() == 1) ? ids.first() : null;
		boolean stays = inForce != null && ids.contains(inForce.spiffeId().toString());
		if (inForce != null && stays) {
			id = inForce.spiffeId().toString();
		}
		boolean lacksInForce = inForce != null && !stays && !contains(entries, inForce);
		return new EntryChoice(oldest(wanted, id), lacksInForce, entries.size() - candidates.size(), ids(candidates),
				ids);
	}

	/**
	 * Return whether the server knows an entry, which may have been given another ID or
	 * be of no use any more.
	 */
	private static boolean contains(List<AuthorizedEntry> entries, AuthorizedEntry entry) {
		return entries.stream().anyMatch((each) -> each.id().equals(entry.id()));
	}

	/**
	 * Return the entry that a hint means, where several have it.
	 */
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

	/**
	 * Return whether several IDs are left, of which this is one or none.
	 * @return whether they are
	 */
	boolean isAmbiguous() {
		return this.wanted.size() > 1;
	}

}
