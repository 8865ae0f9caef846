package dev.psat.benchmarks.payload;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Tmpfs;
import dev.psat.benchmarks.Units;
import dev.psat.test.SigningAlgorithm;
import dev.psat.test.SimulatedKubelet;

/**
 * Measures a payload of ours, and what it would take to make it of a token that others
 * read.
 */
public final class PayloadBenchmark implements Benchmark {

	private static final String OURS = "payload";

	private static final String OUR_BYTES = "payloadToBytes";

	private static final String READING = "readAndEncode";

	private static final String SPRING_VAULT = "springVaultAndEncode";

	private static final String KUBERNETES_CLIENT = "kubernetesClientAndEncode";

	private static final List<Row> ROWS = List.of(new Row(OURS, "`PsatAttestor.payload()`", "payload"),
			new Row(OUR_BYTES, "`PsatAttestor.payload().toBytes()`", "bytes"),
			new Row("token", "`TokenSource.value()`", "token"),
			new Row(READING, "`Files.readString` and Jackson", "bytes"),
			new Row("springVaultToken", "Spring Vault's `KubernetesServiceAccountTokenFile`", "token"),
			new Row(SPRING_VAULT, "the same and Jackson", "bytes"),
			new Row("kubernetesClientToken", "Kubernetes client's `TokenFileAuthentication`", "token"),
			new Row(KUBERNETES_CLIENT, "the same and Jackson", "bytes"),
			new Row("wallClock", "`Clock.systemUTC().millis()` alone", "time"));

	@Override
	public Report run(List<String> arguments) throws Exception {
		Effort effort = arguments.contains("quick") ? Effort.QUICK : Effort.FULL;
		// its lock is a file that stays, and that another user cannot open
		System.setProperty("jmh.ignoreLock", "true");
		Path volume = Tmpfs.directory().resolve("psat-payload-" + ProcessHandle.current().pid());
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder()
			.directory(volume)
			.audience(Payloads.AUDIENCE)
			.algorithm(SigningAlgorithm.RS256)
			.lifetime(Duration.ofHours(2))
			.build()) {
			Runtime.getRuntime().addShutdownHook(new Thread(kubelet::close));
			return report(effort, measure(effort, kubelet.tokenPath()), kubelet.token().length());
		}
	}

	private static Figures measure(Effort effort, Path token) throws RunnerException {
		Figures figures = new Figures();
		for (int round = 0; round < effort.rounds(); round++) {
			for (int threads : new int[] { 1, 2 }) {
				for (RunResult result : new Runner(effort.options(token, threads)).run()) {
					figures.add(result);
				}
			}
		}
		return figures;
	}

	private static Report report(Effort effort, Figures figures, int length) {
		return new Report("Cost of a payload")
			.paragraph(
					"""
							Time and allocation of one call, by JMH: the median of %d JVMs for each row, and the least and the most \
							of them, each JVM with %s. The rows take turns: every round has one new JVM for each of them. Each JVM \
							first makes sure that all rows have the same token and make the same bytes. The token has %d bytes and \
							lies in a volume laid out as kubelet's, %s.\
							"""
						.formatted(effort.rounds(), effort, length, place()))
			.table(table(figures))
			.paragraph(
					"""
							The rows do not promise the same. Who reads at each call has the newest token; ours has it as soon as \
							the rotation is noticed; the Kubernetes client within a minute, and it is asked here by the private \
							method that its interceptor calls, so without the header that it sets. Ours alone looks at the token's \
							validity, which takes a look at the wall clock. The others make no payloads: the rows with Jackson \
							add what an application would, to make the same bytes.\
							""")
			.paragraph("""
					The bytes from memory, against reading: `Files.readString` takes %s times as long as \
					`payload().toBytes()`, Spring Vault's class %s times, the Kubernetes client's %s times; against \
					`payload()`, which is made once for each token, %s, %s and %s times.\
					""".formatted(ratio(figures, READING, OUR_BYTES), ratio(figures, SPRING_VAULT, OUR_BYTES),
					ratio(figures, KUBERNETES_CLIENT, OUR_BYTES), ratio(figures, READING, OURS),
					ratio(figures, SPRING_VAULT, OURS), ratio(figures, KUBERNETES_CLIENT, OURS)));
	}

	private static String place() {
		return Tmpfs.isAvailable() ? "in memory (tmpfs), which favours those that read it" : "on disk";
	}

	private static Table table(Figures figures) {
		Table table = new Table("", "gives", "1 thread", "least to most", "2 threads", "least to most", "allocated",
				"× `payload()`");
		for (Row row : ROWS) {
			Sample one = figures.times(row.method(), 1);
			Sample two = figures.times(row.method(), 2);
			table.row(row.what(), row.gives(), Units.time(one.median()), range(one), Units.time(two.median()),
					range(two), Units.number(Math.round(figures.bytes(row.method()).median())) + " B",
					ratio(figures, row.method(), OURS));
		}
		return table;
	}

	private static String range(Sample times) {
		return Units.time(times.min()) + " – " + Units.time(times.max());
	}

	private static String ratio(Figures figures, String method, String to) {
		return Units.number(figures.times(method, 1).median() / figures.times(to, 1).median());
	}

	/**
	 * A row of the table.
	 *
	 * @param method what {@link Payloads} has for it
	 * @param what its name
	 * @param gives what comes of it
	 */
	private record Row(String method, String what, String gives) {

	}

}
