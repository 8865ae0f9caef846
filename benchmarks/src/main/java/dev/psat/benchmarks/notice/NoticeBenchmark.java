package dev.psat.benchmarks.notice;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleFunction;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Turns;
import dev.psat.benchmarks.Turns.Measurement;
import dev.psat.benchmarks.Units;
import dev.psat.benchmarks.WorkDirectory;
import dev.psat.test.SimulatedKubelet;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Measures how soon a rotation reaches a reader: with the library, and with the minimum
 * that the machine allows. All volumes are swapped on one thread, so that none is
 * measured while another is swapped.
 */
public final class NoticeBenchmark implements Benchmark {

	private static final int SWAPS = 10_000;

	private static final int WARM_UP = 1000;

	private static final int BLOCK = 100;

	private static final Duration PACE = Duration.ofMillis(100);

	private static final String NONE = "–";

	@Override
	public Report run(List<String> arguments) throws Exception {
		int swaps = arguments.isEmpty() ? SWAPS : Integer.parseInt(arguments.get(0));
		LoggingSystem.get(getClass().getClassLoader()).setLogLevel("dev.psat", LogLevel.WARN);
		try (WorkDirectory work = WorkDirectory.create()) {
			SimulatedKubelet kubelet = work.closing(SimulatedKubelet.builder()
				.directory(work.path().resolve("kubelet"))
				.lifetime(Duration.ofHours(2))
				.build());
			List<Candidate> candidates = Candidate.all(work, kubelet::issueToken);
			SpinningReader spinning = work.closing(new SpinningReader());
			Turns<Candidate, Candidate> turns = Turns.of(candidates);
			int block = Math.min(BLOCK, swaps);
			Measurement<Candidate, List<Double>> backToBack = (candidate) -> swap(candidate, block, kubelet::issueToken,
					spinning);
			turns.measure(Math.min(WARM_UP, swaps) / block, backToBack);
			long slot = PACE.dividedBy(candidates.size()).toNanos();
			Measured<Candidate, List<Double>> paced = turns.measure(swaps, (candidate) -> {
				awaitNext(slot);
				return swap(candidate, 1, kubelet::issueToken, spinning);
			});
			return report(swaps, candidates, paced, turns.measure(swaps / block, backToBack));
		}
	}

	/**
	 * Swap a volume as soon as its last swap has been seen.
	 */
	private static List<Double> swap(Candidate candidate, int swaps, Supplier<String> tokens, SpinningReader spinning)
			throws Exception {
		List<Double> times = new ArrayList<>();
		for (String token : Stream.generate(tokens).limit(swaps).toList()) {
			times.add(spinning.time(candidate, token));
		}
		return times;
	}

	/**
	 * Wait for the next slot of a tenth of a second.
	 */
	private static void awaitNext(long slot) {
		long next = (System.nanoTime() / slot + 1) * slot;
		for (long left = slot; left > 0; left = next - System.nanoTime()) {
			LockSupport.parkNanos(next - System.nanoTime());
		}
	}

	private static Report report(int swaps, List<Candidate> candidates, Measured<Candidate, List<Double>> paced,
			Measured<Candidate, List<Double>> backToBack) {
		Table table = new Table("", "p50", "p99", "p99.9", "max", "missed");
		for (int ours = 0; ours < candidates.size(); ours += 2) {
			rows(table, "10/s", paced, candidates.get(ours), candidates.get(ours + 1));
			rows(table, "back to back", backToBack, candidates.get(ours), candidates.get(ours + 1));
		}
		return new Report("Rotation notice").paragraph("""
				Time from the rename that publishes a token, as kubelet does it, until a thread that calls \
				`PsatAttestor.payload()` without a pause gets the new one; %,d swaps in each row. The floor is the \
				minimum that this machine allows: one event of a bare `WatchService` on the mount directory and one \
				read of the file, whose text a thread waits for in the same way. The reader spins from before a swap \
				until it has seen it, which keeps one of the processors named above busy; the threads that notice, \
				ours as well as the floor's, share the others with the thread that swaps.\
				""".formatted(swaps)).paragraph("""
				One thread swaps all volumes, so that no two swaps overlap. At 10/s, each volume has a slot of its own \
				in every tenth of a second; the processors idle in between and find their caches cold. Back to back, \
				the next swap follows as soon as the last one has been seen, with tokens that were signed in advance, \
				and the volumes take turns in blocks of %d swaps. Nothing is synced to disk. Each volume is first \
				swapped up to %,d times without counting. The log level is WARN. A swap that is not seen within ten \
				seconds is missed and is not part of any percentile.\
				""".formatted(BLOCK, WARM_UP)).table(table);
	}

	private static void rows(Table table, String rate, Measured<Candidate, List<Double>> times, Candidate ours,
			Candidate floor) {
		Sample our = all(times.of(ours));
		Sample least = all(times.of(floor));
		String name = "%s, %s: ".formatted(ours.medium(), rate);
		row(table, name + "ours", (percent) -> time(our.percentile(percent)), missed(times.of(ours)));
		row(table, name + "floor", (percent) -> time(least.percentile(percent)), missed(times.of(floor)));
		row(table, name + "ours ÷ floor", (percent) -> ratio(our.percentile(percent) / least.percentile(percent)), "");
	}

	private static Sample all(List<List<Double>> times) {
		return Sample.of(times.stream().flatMap(List::stream).toList());
	}

	private static void row(Table table, String name, DoubleFunction<String> figure, String missed) {
		Stream<String> figures = DoubleStream.of(50, 99, 99.9, 100).mapToObj(figure);
		table.row(Stream.of(Stream.of(name), figures, Stream.of(missed)).flatMap((cells) -> cells).toArray());
	}

	private static String time(double nanos) {
		return Double.isInfinite(nanos) ? NONE : Units.time(nanos);
	}

	private static String ratio(double ratio) {
		return Double.isFinite(ratio) ? Units.number(ratio) : NONE;
	}

	private static String missed(List<List<Double>> times) {
		List<Double> all = times.stream().flatMap(List::stream).toList();
		return "%,d of %,d".formatted(all.stream().filter((time) -> time.isInfinite()).count(), all.size());
	}

}
