package dev.psat.soak;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

import dev.psat.support.soak.Violations;
import org.jspecify.annotations.Nullable;

/**
 * All tokens that a file held as a whole, in order; one that comes again is listed again.
 * Those long past are forgotten, so that the ledger itself does not grow.
 */
final class Ledger {

	/** More than any fault publishes. */
	private static final int KEPT = 512;

	private final ConcurrentSkipListMap<Integer, String> publications = new ConcurrentSkipListMap<>();

	private final Map<String, String> strangers = new ConcurrentHashMap<>();

	private final Set<String> rested = ConcurrentHashMap.newKeySet();

	private volatile int last;

	private long excused;

	/**
	 * Record a token before it is written.
	 * @param token the token
	 */
	void publish(String token) {
		this.publications.put(++this.last, token);
		this.publications.headMap(this.last - KEPT).clear();
	}

	int last() {
		return this.last;
	}

	/**
	 * Find the first publication of a token that a reader can have read after another
	 * one.
	 * @param token the token
	 * @param atLeast the publication that was read before
	 * @return the publication; {@code null} if the token was never published since then
	 */
	@Nullable Integer publication(String token, int atLeast) {
		for (Map.Entry<Integer, String> publication : this.publications.tailMap(atLeast, true).entrySet()) {
			if (publication.getValue().equals(token)) {
				return publication.getKey();
			}
		}
		return null;
	}

	/**
	 * Record a token that was read but never published as a whole, or not since another
	 * one.
	 * @param token the token
	 * @param reader the reader
	 */
	void suspect(String token, String reader) {
		boolean older = this.publications.containsValue(token);
		this.strangers.putIfAbsent(token,
				reader + (older ? " read a token older than one before" : " read a token that nobody wrote"));
	}

	/**
	 * Record content that an in-place writer left unchanged for so long that a reader may
	 * take it for whole, because the machine made the writer pause for longer than
	 * intended.
	 * @param content the content
	 */
	void rested(String content) {
		this.rested.add(content);
	}

	/**
	 * Judge the suspects, once the writers have reported what has rested.
	 * @param violations collects those that are not excused
	 */
	void settle(Violations violations) {
		this.strangers.forEach((token, violation) -> {
			if (this.rested.contains(token)) {
				this.excused++;
			}
			else {
				violations.add(violation);
			}
			this.strangers.remove(token);
		});
		this.rested.clear();
	}

	/**
	 * Return how often a torn token was read that had rested.
	 * @return how many were excused
	 */
	long excused() {
		return this.excused;
	}

}
