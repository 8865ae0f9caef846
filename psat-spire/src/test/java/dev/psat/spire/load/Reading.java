package dev.psat.spire.load;

import java.util.EnumMap;
import java.util.Map;

import dev.psat.spire.test.ServerJournal;
import dev.psat.spire.test.SpireMethod;

/**
 * What the journal of a server says at some time.
 *
 * @param nanos the time
 * @param calls how often each method was called until then
 * @param connections how many connections were accepted until then
 */
record Reading(long nanos, Map<SpireMethod, Integer> calls, int connections) {

	static Reading of(ServerJournal journal) {
		Map<SpireMethod, Integer> calls = new EnumMap<>(SpireMethod.class);
		for (SpireMethod method : SpireMethod.values()) {
			calls.put(method, journal.calls(method));
		}
		return new Reading(System.nanoTime(), calls, journal.connections());
	}

	int allCalls() {
		return this.calls.values().stream().mapToInt(Integer::intValue).sum();
	}

	int calls(SpireMethod method) {
		return this.calls.getOrDefault(method, 0);
	}

}
