package dev.psat.tlstests.tomcat.soak;

import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

import dev.psat.support.soak.Figures;
import dev.psat.support.soak.Violations;

/**
 * The final counts of the callers and of the meters of both applications.
 */
record Totals(long onKeptConnections, List<Long> outlived, long onNewConnections, Allowances allowances, long renewals,
		long attestations, long begun, long accepted, long untrusted, long neverAllowed) {

	static Totals of(SoakWorld world, Callers callers) {
		return new Totals(callers.calls(true), callers.outlived(), callers.calls(false), world.allowances(),
				sum(world, (application) -> application.count("spire.svid.requests", "success")),
				sum(world, Application::attestations),
				sum(world, (application) -> application.handshakes("outbound", "accepted")),
				sum(world, (application) -> application.handshakes("accepted")),
				sum(world, (application) -> application.handshakes("untrusted")), sum(world,
						(application) -> application.handshakes("unauthorized") + application.handshakes("malformed")));
	}

	private static long sum(SoakWorld world, ToLongFunction<Application> figure) {
		return world.applications().stream().mapToLong(figure).sum();
	}

	/**
	 * Check what no fault explains.
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
	 * Return the rows of a table.
	 */
	String rows(int faults, long violations) {
		return row("answered calls on open connections", this.onKeptConnections)
				+ "| SVIDs that each open connection outlived | %s |\n"
					.formatted(this.outlived.stream().map(Figures::count).collect(Collectors.joining(" / ")))
				+ row("answered calls on new connections", this.onNewConnections)
				+ row("failed calls, explained by the fault", this.allowances.explained()) + row("faults", faults)
				+ row("SVIDs obtained by both applications", this.renewals)
				+ row("attestations of both applications", this.attestations)
				+ row("handshakes, counted by either side: peer accepted", this.accepted)
				+ row("handshakes, counted by either side: peer not trusted", this.untrusted)
				+ row("violations", violations);
	}

	private static String row(String text, long count) {
		return "| %s | %s |\n".formatted(text, Figures.count(count));
	}

}
