package dev.psat.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import dev.psat.support.soak.LibraryLog;
import dev.psat.support.soak.Resources;
import dev.psat.support.soak.Violations;
import dev.psat.token.Shown;

/**
 * Lets one fault happen after the other, repairs each, and records the outcome. Faults
 * come in rounds; each round has every fault once. The seed determines their order, the
 * gaps between them, and what they leave open.
 */
final class Soak {

	private static final int SAMPLES = 60;

	private static final Duration SHORTEST_GAP = Duration.ofMillis(200);

	private static final int LONGER_GAP_MILLIS = 800;

	/** Time for readers to encounter what is wrong. */
	private static final Duration SHORTEST_FAULT = Duration.ofMillis(100);

	private final Duration duration;

	private final Random random;

	private final List<Fault> faults = Fault.all();

	private final List<Fault> round = new ArrayList<>();

	private final Violations violations = new Violations();

	private final Resources resources = new Resources(0);

	private final Map<Fault, Recoveries> recoveries = new TreeMap<>(Comparator.comparingInt(this.faults::indexOf));

	private int happened;

	Soak(Duration duration, long seed) {
		this.duration = duration;
		this.random = new Random(seed);
	}

	Totals run(Path directory) throws Exception {
		try (LibraryLog log = new LibraryLog(this.violations);
				World world = new World(new Volume(directory), this.violations)) {
			world.open();
			world.await(Effect.NONE);
			List<Reader> readers = new ArrayList<>();
			long opened;
			try (Churn churn = new Churn(world)) {
				world.subjects().forEach((subject) -> readers.add(new Reader(subject, world)));
				run(world, churn);
				opened = churn.opened();
			}
			finally {
				for (Reader reader : readers) {
					reader.close();
				}
			}
			world.ledger.settle(this.violations);
			return new Totals(readers.stream().mapToLong(Reader::reads).sum(),
					readers.stream().mapToLong(Reader::refusals).sum(), opened, world.ledger.excused(),
					world.subjects()
						.stream()
						.mapToLong((subject) -> Shown.watch(subject.source().status()).missedEvents())
						.sum());
		}
	}

	private void run(World world, Churn churn) throws Exception {
		long start = System.nanoTime();
		Duration nextSample = Duration.ZERO;
		while (since(start).compareTo(this.duration) < 0) {
			// not until everything that is loaded late has been loaded
			if (this.happened >= this.faults.size() && since(start).compareTo(nextSample) >= 0) {
				churn.pausedFor(this.resources::sample);
				nextSample = since(start).plus(this.duration.dividedBy(SAMPLES));
			}
			World.pause(SHORTEST_GAP.plusMillis(this.random.nextInt(LONGER_GAP_MILLIS)));
			happen(next(), new Random(this.random.nextLong()), world);
		}
	}

	private Fault next() {
		if (this.round.isEmpty()) {
			this.round.addAll(this.faults);
			Collections.shuffle(this.round, this.random);
		}
		return this.round.remove(this.round.size() - 1);
	}

	private void happen(Fault fault, Random random, World world) throws IOException {
		this.happened++;
		this.violations.during("fault %d, %s".formatted(this.happened, fault.name()));
		world.begin(fault.effect());
		try {
			fault.action().happen(world, random);
			world.await(fault.effect());
			World.pause(SHORTEST_FAULT.plusMillis(random.nextInt(400)));
		}
		catch (Exception ex) {
			this.violations.add(ex.toString());
		}
		Map<Subject, Duration> times = world.await(Effect.NONE, world.heal());
		world.healed();
		world.ledger.settle(this.violations);
		this.recoveries.computeIfAbsent(fault, (key) -> new Recoveries()).add(times);
	}

	private static Duration since(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

	Violations violations() {
		return this.violations;
	}

	Resources resources() {
		return this.resources;
	}

	Map<Fault, Recoveries> recoveries() {
		return this.recoveries;
	}

	int happened() {
		return this.happened;
	}

	/**
	 * What was counted.
	 */
	record Totals(long reads, long refusals, long opened, long excused, long missedEvents) {

	}

	/**
	 * How long it took, each time a fault was repaired, from a good token in the file
	 * until everybody had it.
	 */
	static final class Recoveries {

		final List<Duration> withEvents = new ArrayList<>();

		final List<Duration> polling = new ArrayList<>();

		int times;

		private void add(Map<Subject, Duration> times) {
			this.times++;
			times.forEach((subject, time) -> (subject.isPolling() ? this.polling : this.withEvents).add(time));
		}

	}

}
