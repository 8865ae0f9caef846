package dev.psat.tlstests.tomcat.storm;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.support.soak.Figures;
import dev.psat.support.soak.Violations;

/**
 * How many connections members have ended.
 *
 * @param inbound by cause, those of clients
 * @param outbound by cause, those to servers
 */
record Ended(Map<EndCause, Long> inbound, Map<EndCause, Long> outbound) {

	static Ended of(List<Member> members) {
		return new Ended(count(members, Direction.INBOUND), count(members, Direction.OUTBOUND));
	}

	private static Map<EndCause, Long> count(List<Member> members, Direction direction) {
		Map<EndCause, Long> counts = new EnumMap<>(EndCause.class);
		for (EndCause cause : EndCause.values()) {
			counts.put(cause,
					members.stream().mapToLong((member) -> member.connections().ended(direction, cause)).sum());
		}
		return counts;
	}

	/**
	 * Check that what happens all the time has ended connections. For the other causes
	 * there has to be a long outage.
	 */
	void check(Violations violations) {
		for (EndCause cause : List.of(EndCause.UNTRUSTED, EndCause.UNAUTHORIZED)) {
			if (this.inbound.get(cause) == 0 || this.outbound.get(cause) == 0) {
				violations.add("No connection in one direction has ended with the cause " + cause);
			}
		}
	}

	/**
	 * Return the rows of a table.
	 */
	String rows() {
		return this.inbound.keySet()
			.stream()
			.map((cause) -> "| connections ended with the cause `%s`: inbound / outbound | %s / %s |\n".formatted(
					cause.name().toLowerCase(Locale.ROOT), Figures.count(this.inbound.get(cause)),
					Figures.count(this.outbound.get(cause))))
			.collect(Collectors.joining());
	}

}
