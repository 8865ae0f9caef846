package dev.psat.benchmarks.payload;

import java.util.List;

import dev.psat.benchmarks.Medium;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;

/**
 * Reports the cost of payloads.
 */
final class PayloadReport {

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

	private final Effort effort;

	private final Figures figures;

	PayloadReport(Effort effort, Figures figures) {
		this.effort = effort;
		this.figures = figures;
	}

	/**
	 * Create the report.
	 * @param length the length of the token in bytes
	 * @return the report
	 */
	Report report(int length) {
		String place = Medium.likeKubelets().isMemory() ? "in memory (tmpfs), which favors those that read it"
				: "on disk";
		return new Report("Cost of a payload").paragraph("""
				Time and allocation of one call, measured by JMH: the median of %d JVMs for each row, with \
				minimum and maximum, each JVM with %s. The rows take turns: every round has one new JVM \
				for each of them. Each JVM first verifies that all rows have the same token and produce \
				the same bytes. The token has %d bytes and is in a volume laid out like kubelet's, %s.\
				""".formatted(this.effort.rounds(), this.effort, length, place))
			.table(table())
			.paragraph("""
					The rows do not make the same promise. Reading the file on each call always gives the \
					newest token; ours has it as soon as it notices the rotation, the Kubernetes client within \
					a minute. The client is called by the private method that its interceptor calls, so \
					without setting the header. Both check the wall clock on each call, the client for its \
					minute, ours for the validity of the token, which none of the others judges. The others do \
					not create payloads: the rows with Jackson add what an application would need to produce \
					the same bytes.\
					""")
			.paragraph("""
					Bytes from memory compared with reading: `Files.readString` takes %s times as long as \
					`payload().toBytes()`, Spring Vault's class %s times, the Kubernetes client's %s times; compared \
					with `payload()`, which is created once for each token, %s, %s and %s times.\
					""".formatted(ratio(READING, OUR_BYTES), ratio(SPRING_VAULT, OUR_BYTES),
					ratio(KUBERNETES_CLIENT, OUR_BYTES), ratio(READING, OURS), ratio(SPRING_VAULT, OURS),
					ratio(KUBERNETES_CLIENT, OURS)));
	}

	private Table table() {
		Table table = new Table("", "gives", "1 thread", "least to most", "2 threads", "least to most", "allocated",
				"× `payload()`");
		for (Row row : ROWS) {
			Sample one = this.figures.times(row.method(), 1);
			Sample two = this.figures.times(row.method(), 2);
			long bytes = Math.round(this.figures.bytes(row.method()).median());
			table.row(row.what(), row.gives(), Units.time(one.median()), range(one), Units.time(two.median()),
					range(two), bytes + " B", ratio(row.method(), OURS));
		}
		return table;
	}

	private static String range(Sample times) {
		return Units.time(times.min()) + " – " + Units.time(times.max());
	}

	private String ratio(String method, String to) {
		return Units.number(this.figures.times(method, 1).median() / this.figures.times(to, 1).median());
	}

	/**
	 * A row of the table.
	 *
	 * @param method the method of {@link Payloads}
	 * @param what its name
	 * @param gives what the method returns
	 */
	private record Row(String method, String what, String gives) {

	}

}
