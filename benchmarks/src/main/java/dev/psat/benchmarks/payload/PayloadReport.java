package dev.psat.benchmarks.payload;

import java.util.Objects;

import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Medium;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.benchmarks.payload.PayloadBenchmark.Effort;
import dev.psat.benchmarks.payload.PayloadBenchmark.Row;
import org.openjdk.jmh.results.RunResult;

/**
 * Reports the cost of payloads.
 */
final class PayloadReport {

	private static final String ALLOCATED = "gc.alloc.rate.norm";

	private PayloadReport() {
	}

	/**
	 * Create the report.
	 * @param effort the effort of the measurement
	 * @param one the results with one thread
	 * @param two the results with two
	 * @param length the length of the token in bytes
	 * @return the report
	 */
	static Report of(Effort effort, Measured<Row, RunResult> one, Measured<Row, RunResult> two, int length) {
		Table table = new Table("", "gives", one.name(), "least to most", two.name(), "least to most", "allocated",
				"× `payload()`");
		for (Row row : one.names()) {
			Sample times = one.sample(row, PayloadReport::nanos);
			Sample ofTwo = two.sample(row, PayloadReport::nanos);
			table.row(row.what(), row.gives(), Units.time(times.median()), Units.range(times, Units::time),
					Units.time(ofTwo.median()), Units.range(ofTwo, Units::time),
					Math.round(one.sample(row, PayloadReport::bytes).median()) + " B", ratio(one, row, Row.OURS));
		}
		return new Report("Cost of a payload")
			.paragraph(
					"""
							Time and allocation of one call, measured by JMH: the median of %d JVMs for each row, with minimum and \
							maximum, each JVM with %d warm-up and %d measured iterations of %d ms. The rows take turns: every round \
							has one new JVM for each of them. Each JVM first verifies that all rows have the same token and produce \
							the same bytes. The token has %d bytes and is in a volume laid out like kubelet's, %s.\
							"""
						.formatted(effort.rounds(), effort.warmups(), effort.iterations(), effort.millis(), length,
								Medium.likeKubelets().isMemory() ? "in memory (tmpfs), which favors those that read it"
										: "on disk"))
			.table(table)
			.paragraph(
					"""
							The rows do not make the same promise. Reading the file on each call always gives the newest token; \
							ours has it as soon as it notices the rotation. Ours checks the wall clock on each call, for the \
							validity of the token, which reading does not judge. The row with Jackson adds what an application \
							would need to produce the same bytes.\
							""")
			.paragraph("""
					Bytes from memory compared with reading: `Files.readString` takes %s times as long as \
					`payload().toBytes()`; compared with `payload()`, which is created once for each token, %s times.\
					""".formatted(ratio(one, Row.READING, Row.OUR_BYTES), ratio(one, Row.READING, Row.OURS)));
	}

	private static String ratio(Measured<Row, RunResult> one, Row row, Row to) {
		return Units
			.number(one.sample(row, PayloadReport::nanos).median() / one.sample(to, PayloadReport::nanos).median());
	}

	private static double nanos(RunResult result) {
		return result.getPrimaryResult().getScore();
	}

	private static double bytes(RunResult result) {
		return Objects
			.requireNonNull(result.getSecondaryResults().get(ALLOCATED), "The GC profiler has measured nothing")
			.getScore();
	}

}
