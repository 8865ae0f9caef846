package dev.psat.spire.test;

import java.util.List;

import dev.psat.spire.test.SimulatedEntries.CachedEntry;

/**
 * Of entries with equal hints a workload sees only the oldest; of those of the same age,
 * the one with the lowest ID. Source: {@code hintsfilter.go}.
 */
final class DuplicateHints {

	private DuplicateHints() {
	}

	static List<CachedEntry> removedFrom(List<CachedEntry> entries) {
		return entries.stream().filter((entry) -> entries.stream().noneMatch((other) -> hides(other, entry))).toList();
	}

	private static boolean hides(CachedEntry other, CachedEntry entry) {
		String hint = entry.entry().hint();
		if (hint.isEmpty() || !hint.equals(other.entry().hint())) {
			return false;
		}
		int age = Long.compare(other.entry().createdAt(), entry.entry().createdAt());
		return age < 0 || (age == 0 && other.id().compareTo(entry.id()) < 0);
	}

}
