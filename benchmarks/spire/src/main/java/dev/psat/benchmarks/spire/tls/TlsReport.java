package dev.psat.benchmarks.spire.tls;

import java.util.List;
import java.util.stream.IntStream;

import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.benchmarks.spire.tls.PeerChecks.Means;
import dev.psat.benchmarks.spire.tls.ThroughputRun.Throughput;

/**
 * Writes the report.
 */
final class TlsReport {

	private static final double MOST_PER_CLIENT = 2;

	private static final int MOST_FAILURES = 5;

	private static final List<Ratio> RATIOS = List.of(new Ratio("SVID ÷ PEM", Bundle.SVID, Bundle.PEM));

	private final Report report = new Report("TLS");

	private final Plan plan;

	TlsReport(Plan plan) {
		this.plan = plan;
	}

	void calls(List<Measured<Bundle, Throughput>> throughput) {
		int half = throughput.size() / 2;
		this.report.paragraph("""
				Mutual TLS 1.3 over loopback between two applications, each in a JVM of its own. *SVID bundle*: server \
				and client use `spire`, and authorize each other's IDs. *PEM bundle*: `spring.ssl.bundle.pem` with \
				`client-auth: need`; its file holds an X.509-SVID from the same simulated SPIRE Server for the same \
				host name, also with a key on P-256, and it accepts every certificate of the trust domain. With the \
				PEM bundle, HttpComponents has to be told to reuse connections (`disableConnectionState()`); our \
				bundle does that itself. %d threads, each with a client of its own, call without a pause in turns of \
				%s. Each figure is the median of %d turns, and calls per second have quartiles. Each web server runs \
				once per bundle. The servers start %d times; after each start, they take turns for %d rounds of \
				warm-up, with turns of %s, and %d rounds that count. The client's JVM stays the same. Both sides \
				collect garbage before each turn. Turns that are compared follow each other directly, in random order \
				(seed %d), and a ratio is the median of the ratios in each round. Processor time is that of the whole \
				process, including the compiler and the garbage collector.\
				""".formatted(ThroughputRun.CALLERS, Units.time(this.plan.window().toNanos()),
				this.plan.forks() * this.plan.rounds(), this.plan.forks(), this.plan.warmUps(),
				Units.time(this.plan.warmUp().toNanos()), this.plan.rounds(), ThroughputRun.SEED))
			.paragraph(
					"""
							A new connection for each call, which the server closes with its answer: a call is a TCP connection, \
							a TLS handshake, one `GET`, and the close. Our bundle creates a new context for each connection, so \
							that no session outlives the decision who may connect. For comparison, the PEM bundle also makes full \
							handshakes: the client forgets its sessions before each call.\
							""")
			.table(calls(throughput.subList(0, half), RATIOS))
			.paragraph("Connections that stay open, where TLS only has to encrypt:")
			.table(calls(throughput.subList(half, throughput.size()), RATIOS));
	}

	static Table calls(List<Measured<Bundle, Throughput>> throughput, List<Ratio> compared) {
		Table table = new Table("", "calls per second", "quartiles", "client's processor time per call",
				"server's processor time per call");
		for (Measured<Bundle, Throughput> each : throughput) {
			for (Bundle bundle : each.names()) {
				Sample calls = each.sample(bundle, Throughput::callsPerSecond);
				table.row("%s: %s".formatted(each.name(), bundle), Units.number(calls.median()), quartiles(calls),
						Units.time(each.sample(bundle, Throughput::clientCpuPerCall).median()),
						Units.time(each.sample(bundle, Throughput::serverCpuPerCall).median()));
			}
			for (Ratio ratio : compared) {
				Sample ratios = each.ratios(ratio.one(), ratio.other(), Throughput::callsPerSecond);
				table.row("%s: %s".formatted(each.name(), ratio.name()), bold(ratios), quartiles(ratios),
						Units.number(each.ratios(ratio.one(), ratio.other(), Throughput::clientCpuPerCall).median()),
						Units.number(each.ratios(ratio.one(), ratio.other(), Throughput::serverCpuPerCall).median()));
			}
		}
		return table;
	}

	void handshakes(Measured<String, EngineHandshakes.Means> handshakes) {
		this.report.paragraph("""
				Handshakes in memory, between two `SSLEngine`s in one thread: the processor time that TLS alone takes \
				on each side, from the creation of the engine to the session ticket. Medians and quartiles of %2$d \
				batches, each with the mean of %1$d handshakes, in turns. The peer is always the same, so the JDK has \
				already verified its certificate.\
				""".formatted(this.plan.handshakes(), this.plan.batches())).table(inMemory(handshakes));
	}

	static Table inMemory(Measured<String, EngineHandshakes.Means> handshakes) {
		Table table = new Table("", "client", "quartiles", "server", "quartiles", "both");
		for (String name : handshakes.names()) {
			Sample clients = handshakes.sample(name, EngineHandshakes.Means::client);
			Sample servers = handshakes.sample(name, EngineHandshakes.Means::server);
			table.row(name, Units.time(clients.median()), Units.quartiles(clients), Units.time(servers.median()),
					Units.quartiles(servers), Units.time(clients.median() + servers.median()));
		}
		return table;
	}

	void checks(Measured<String, Means> checks) {
		Table all = checkTable();
		Table differences = checkTable();
		for (String name : checks.names()) {
			row(all, name, checks.sample(name, Means::unseen), checks.sample(name, Means::seen));
			if (!List.of(PeerChecks.PKIX, PeerChecks.ANY).contains(name)) {
				row(differences, name, checks.differences(name, PeerChecks.ANY, Means::unseen),
						checks.differences(name, PeerChecks.ANY, Means::seen));
			}
		}
		Table strangers = new Table("", "stranger", "quartiles", "stranger ÷ client of PKIX", "quartiles");
		for (String name : List.of(PeerChecks.PKIX, PeerChecks.ANY)) {
			Sample strange = checks.sample(name, Means::strange);
			Sample ratios = strangers(checks, name);
			strangers.row(name, Units.time(strange.median()), Units.quartiles(strange), bold(ratios),
					quartiles(ratios));
		}
		this.report.paragraph("""
				The check of a client's certificate on its own: the processor time of `checkClientTrusted`, for a \
				certificate that has not been seen before, and for one that the JDK has cached as verified. Medians \
				and quartiles of %d batches, each with the mean of %d checks, in turns and in random order.\
				""".formatted(this.plan.batches(), PeerChecks.CLIENTS))
			.table(all)
			.paragraph(
					"""
							The cost of authorization alone: how much longer a check with a list takes than the same check with \
							`authorize-any-client`, which verifies the chain in the same way. Medians and quartiles of the \
							differences in each batch. If the quartiles lie on both sides of zero, there is no measurable cost.\
							""")
			.table(differences)
			.paragraph(
					"""
							The check of a stranger: %d certificates on P-256 that nobody has seen before, all of which name the \
							authority as their issuer, and none of which it signed. No chain of somebody whom the authority does \
							not know takes ours longer, since it stops at the first wrong signature, and the keys of a stranger \
							verify nothing. *Client* is what the JDK's PKIX takes for an ordinary client, that is for one new \
							certificate, as in the first row above; the ratio, of which the median must not exceed %s, is that in \
							each batch. Medians and quartiles of %d batches, each with the mean of %d strangers, in the same turns.\
							"""
						.formatted(Strangers.LENGTH, Units.number(MOST_PER_CLIENT), this.plan.batches(),
								PeerChecks.STRANGERS))
			.table(strangers);
		if (strangers(checks, PeerChecks.ANY).median() > MOST_PER_CLIENT) {
			this.report.failed();
		}
	}

	private static Sample strangers(Measured<String, Means> checks, String name) {
		List<Means> clients = checks.of(PeerChecks.PKIX);
		List<Means> strangers = checks.of(name);
		return Sample.of(IntStream.range(0, clients.size())
			.mapToObj((batch) -> strangers.get(batch).strange() / clients.get(batch).unseen())
			.toList());
	}

	private static Table checkTable() {
		return new Table("", "new certificate", "quartiles", "cached", "quartiles");
	}

	private static void row(Table table, String name, Sample unseen, Sample seen) {
		table.row(name, Units.time(unseen.median()), Units.quartiles(unseen), Units.time(seen.median()),
				Units.quartiles(seen));
	}

	Report rotations(List<RotationResult> rotations) {
		Table calls = new Table("", "rotations", "duration", "JDK, open", "HttpComponents, open", "JDK, new",
				"HttpComponents, new", "failed");
		Table handshakes = new Table("", "handshakes of the prober", "failed", "server stale after the event",
				"handshakes of the callers", "client stale after the event", "stale for", "maximum");
		for (RotationResult result : rotations) {
			List<String> answered = result.answered().stream().map(Units::count).toList();
			calls.row(result.server(), result.rotations(), Units.time(result.time().toNanos()), answered.get(0),
					answered.get(1), answered.get(2), answered.get(3),
					result.failures().size() - result.failedProbes());
			Sample lags = Sample.of(result.lags());
			handshakes.row(result.server(), Units.count(result.servers()), result.failedProbes(), result.staleServers(),
					Units.count(result.clients()), result.staleClients(), Units.time(lags.median()),
					Units.time(lags.max()));
		}
		this.report.paragraph("""
				Rotations under load. A JDK client and an HttpComponents client call over connections that stay open, \
				two more over a new connection for each call, and a prober makes one handshake after another to see \
				which certificate the server presents. A call has failed if it throws, returns a status other than \
				200, or waits longer than %s for a connection or for the answer. Server and client each obtain another \
				X.509-SVID from the simulated SPIRE Server, which both visit every 50 ms. The next rotation follows as \
				soon as the `SvidRotatedEvent` of both sides has reported the last one, the prober has made a \
				handshake, and all four callers have the answer to a call that began later.\
				""".formatted(Units.time(ClientApplication.TIMEOUT.toNanos())))
			.paragraph("Answered calls of each caller, and failed calls of all callers:")
			.table(calls)
			.paragraph("""
					Certificates that were presented: the server's to the prober, and the client's to the server in \
					calls over new connections. *Stale after the event*: handshakes (or calls) that began after that \
					side had reported a new certificate by its event, but still presented an earlier one. *Stale for*: \
					the time from the cause of a rotation, that the simulated SPIRE Server has another X.509-SVID for \
					the server, to the start of the last handshake in which the server presented an earlier \
					certificate; median and maximum of all rotations.\
					""")
			.table(handshakes);
		rotations.stream()
			.flatMap((result) -> result.failures()
				.stream()
				.map((failure) -> "A call or handshake failed (%s): `%s`".formatted(result.server(), failure)))
			.distinct()
			.limit(MOST_FAILURES)
			.forEach(this.report::paragraph);
		return rotations.stream().allMatch(RotationResult::isFlawless) ? this.report : this.report.failed();
	}

	private static String bold(Sample ratios) {
		return "**%s**".formatted(Units.number(ratios.median()));
	}

	private static String quartiles(Sample sample) {
		return Units.range(sample.middleHalf(), Units::number);
	}

	/**
	 * What is divided by what.
	 */
	record Ratio(String name, Bundle one, Bundle other) {

	}

}
