package dev.psat.benchmarks.soak;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

import org.jspecify.annotations.Nullable;

/**
 * All tokens that a file held as a whole, in their order; one that comes again stands
 * here again. Those long past are forgotten, so that the ledger itself does not grow.
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
	 * Note a token before it is written.
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
	 * Find the first publication of a token that somebody can have read who has read
	 * another one before.
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
	 * Note a token that was read and was never published as a whole, or not since another
	 * one.
	 * @param token the token
	 * @param reader who has read it
	 */
	void suspect(String token, String reader) {
		boolean older = this.publications.containsValue(token);
		this.strangers.putIfAbsent(token,
				reader + (older ? " read a token older than one before" : " read a token that nobody wrote"));
	}

	/**
	 * Note what a writer in place has left alone for so long that a reader may take it
	 * for whole, because the machine let the writer pause for longer than it meant to.
	 * @param content the content
	 */
	void rested(String content) {
		this.rested.add(content);
	}

	/**
	 * Judge the suspects, once the writers have said what has rested.
	 * @param violations takes those that are not excused
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
