package dev.psat.benchmarks.spire.attest;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import com.sun.management.OperatingSystemMXBean;

/**
 * Lets candidates attest in turns: in blocks, since the clock of the processor time is
 * coarse, each of which begins with another candidate.
 */
final class Course {

	static final int BLOCK = 10;

	private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

	private final Target target;

	private final List<Candidate> candidates;

	Course(Target target, List<Candidate> candidates) {
		this.target = target;
		this.candidates = candidates;
	}

	/**
	 * Attest again and again.
	 * @param rounds how often each candidate does at least
	 * @param repeating whether calls are repeated on connections that are open
	 * @return what came of it, in the order of the candidates
	 * @throws Exception if one could not
	 */
	List<Series> run(int rounds, boolean repeating) throws Exception {
		List<Series> all = this.candidates.stream().map(Series::new).toList();
		List<Series> order = new ArrayList<>(all);
		for (int block = 0; block * BLOCK < rounds; block++) {
			for (Series series : order) {
				run(series, repeating);
			}
			Collections.rotate(order, 1);
		}
		return all;
	}

	private void run(Series series, boolean repeating) throws Exception {
		// what a predecessor has left is not this one's: JDK 17 closes its clients so
		System.gc();
		long cpu = this.system.getProcessCpuTime();
		for (int round = 0; round < BLOCK; round++) {
			byte[] payload = this.target.payload();
			Laps laps = new Laps(repeating);
			try (Session session = series.candidate().attest(payload, laps)) {
				session.leaf().checkValidity();
			}
			series.add(laps);
		}
		series.addCpu(this.system.getProcessCpuTime() - cpu);
	}

}
