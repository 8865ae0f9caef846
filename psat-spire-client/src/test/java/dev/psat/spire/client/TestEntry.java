package dev.psat.spire.client;

import java.time.Instant;
import java.util.List;

import dev.psat.spiffe.SpiffeId;

/**
 * An entry without anything that it need not have.
 */
final class TestEntry {

	private TestEntry() {
	}

	static AuthorizedEntry of(String id, SpiffeId spiffeId) {
		return new Answers.Entry(id, spiffeId, List.of(), List.of(), false, false, false, 0, null, Instant.EPOCH,
				false);
	}

}
