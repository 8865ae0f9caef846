package dev.psat.benchmarks.spire.soak;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.benchmarks.soak.Violations;

/**
 * The final counts of the callers and of the meters of both applications.
 */
final class Totals {

	private final Map<Fault, Long> explained = new HashMap<>();

	private List<Long> outlived = List.of();

	private long onKeptConnections;

	private long onNewConnections;

	private long failed;

	private long renewals;

	private long attestations;

	private long begun;

	private long accepted;

	private long untrusted;

	private long neverAllowed;

	void calls(Callers callers) {
		this.onKeptConnections = callers.callsOnKeptConnections();
		this.outlived = callers.outlived();
		this.onNewConnections = callers.callsOnNewConnections();
	}

	void read(World world, Set<Fault> faults) {
		faults.forEach((fault) -> this.explained.put(fault, world.allowances().explained(fault.name())));
		this.failed = world.allowances().explained();
		List<Application> applications = world.applications();
		this.renewals = sum(applications, (application) -> application.renewals("success"));
		this.attestations = sum(applications, (application) -> application.attestations("success"));
		this.begun = sum(applications, (application) -> application.handshakes("outbound", "accepted"));
		this.accepted = sum(applications, (application) -> application.handshakes("accepted"));
		this.untrusted = sum(applications, (application) -> application.handshakes("untrusted"));
		this.neverAllowed = sum(applications,
				(application) -> application.handshakes("unauthorized") + application.handshakes("malformed"));
	}

	private static long sum(List<Application> applications, ToLongFunction<Application> figure) {
		return applications.stream().mapToLong(figure).sum();
	}

	/**
	 * Check what no fault explains.
	 * @param violations is told of it
	 */
	void check(Violations violations) {
		if (this.neverAllowed > 0) {
			violations.add("%d handshakes were unauthorized or malformed".formatted(this.neverAllowed));
		}
		if (this.begun < this.onNewConnections) {
			violations.add("%d handshakes cannot make %d new connections".formatted(this.begun, this.onNewConnections));
		}
	}

	/**
	 * Return how many calls failed because of a fault.
	 * @param fault the fault
	 * @return the number
	 */
	long explained(Fault fault) {
		return this.explained.getOrDefault(fault, 0L);
	}

	Table table(int faults, long violations) {
		return new Table("", "").row("answered calls on open connections", Units.count(this.onKeptConnections))
			.row("SVIDs that each open connection outlived",
					this.outlived.stream().map(Units::count).collect(Collectors.joining(" / ")))
			.row("answered calls on new connections", Units.count(this.onNewConnections))
			.row("failed calls, explained by the fault", Units.count(this.failed))
			.row("faults", Units.count(faults))
			.row("SVIDs obtained by both applications", Units.count(this.renewals))
			.row("attestations of both applications", Units.count(this.attestations))
			.row("handshakes, counted by either side: peer accepted", Units.count(this.accepted))
			.row("handshakes, counted by either side: peer not trusted", Units.count(this.untrusted))
			.row("violations", Units.count(violations));
	}

}
