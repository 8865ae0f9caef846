package dev.psat.benchmarks.spire.attest;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import com.sun.management.OperatingSystemMXBean;

/**
 * Lets candidates attest in rounds: a block of each, since the clock of the processor
 * time is coarse, in an order that is drawn for each round. A block begins when nothing
 * is left of the one before.
 */
final class Course {

	static final int BLOCK = 25;

	static final int SEED = 11;

	/** Rounds of the warm-up whose medians are compared with those of as many others. */
	private static final int SET = 4;

	private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

	private final HttpClients clients = new HttpClients();

	private final Random random = new Random(SEED);

	private final Target target;

	private final List<Candidate> candidates;

	private boolean warm;

	private int unsettled;

	Course(Target target, List<Candidate> candidates) {
		this.target = target;
		this.candidates = candidates;
	}

	/**
	 * Attest until the times become no shorter: two sets of rounds agree.
	 * @param most how many rounds at most
	 * @return how often each candidate did
	 * @throws Exception if one could not
	 */
	int warmUp(int most) throws Exception {
		int set = Math.min(SET, most / 2);
		List<Series> before = warmUpSet(set);
		for (int rounds = 2 * set;; rounds += set) {
			List<Series> now = warmUpSet(set);
			this.warm = Series.agree(before, now);
			if (this.warm || rounds + set > most) {
				return rounds * BLOCK;
			}
			before = now;
		}
	}

	private List<Series> warmUpSet(int rounds) throws Exception {
		List<Series> all = this.candidates.stream().map(Series::new).toList();
		for (int round = 0; round < rounds; round++) {
			for (Series series : all) {
				run(series, false);
			}
		}
		return all;
	}

	/**
	 * Attest again and again.
	 * @param rounds how many blocks there are of each candidate
	 * @param repeating whether calls are repeated on connections that are open
	 * @return what came of it, in the order of the candidates
	 * @throws Exception if one could not
	 */
	List<Series> run(int rounds, boolean repeating) throws Exception {
		List<Series> all = this.candidates.stream().map(Series::new).toList();
		List<Series> order = new ArrayList<>(all);
		for (int round = 0; round < rounds; round++) {
			Collections.shuffle(order, this.random);
			for (Series series : order) {
				if (!this.clients.settle()) {
					this.unsettled++;
				}
				run(series, repeating);
			}
		}
		return all;
	}

	private void run(Series series, boolean repeating) throws Exception {
		List<Laps> block = new ArrayList<>();
		List<Session> sessions = new ArrayList<>();
		try {
			long cpu = this.system.getProcessCpuTime();
			for (int round = 0; round < BLOCK; round++) {
				byte[] payload = this.target.payload();
				Laps laps = new Laps(repeating);
				Session session = series.candidate().attest(payload, laps);
				sessions.add(session);
				session.leaf().checkValidity();
				block.add(laps);
			}
			series.add(new Block(block, this.system.getProcessCpuTime() - cpu));
		}
		finally {
			for (Session session : sessions) {
				session.close();
			}
		}
	}

	/**
	 * Return whether the times had become no shorter when the warm-up ended.
	 */
	boolean isWarm() {
		return this.warm;
	}

	/**
	 * Return how many blocks began although clients of the block before were left.
	 * @return the number of blocks
	 */
	int unsettled() {
		return this.unsettled;
	}

}
