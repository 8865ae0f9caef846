package dev.psat.benchmarks.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Lets one fault happen after the other, repairs each, and records the outcome.
 */
final class Soak {

	private static final int SAMPLES = 60;

	/** Time for readers to encounter what is wrong. */
	private static final Duration SHORTEST_FAULT = Duration.ofMillis(100);

	private final Duration duration;

	private final List<Fault> faults = Fault.all();

	private final Schedule<Fault> schedule;

	private final Violations violations = new Violations();

	private final Resources resources = new Resources();

	private final Map<Fault, Recoveries> recoveries = new TreeMap<>(
			Comparator.comparing(Fault::number).thenComparing(Fault::name));

	private int happened;

	private long reads;

	private long refusals;

	private long opened;

	private long excused;

	private long missedEvents;

	Soak(Duration duration, long seed) {
		this.duration = duration;
		this.schedule = new Schedule<>(seed, duration, this.faults);
	}

	void run() throws Exception {
		LibraryLog.watch(this.violations);
		List<Reader> readers = new ArrayList<>();
		try (World world = new World(this.violations)) {
			world.open();
			world.await(Effect.NONE);
			try (Churn churn = new Churn(world)) {
				world.subjects().forEach((subject) -> readers.add(new Reader(subject, world)));
				try {
					run(world, churn);
				}
				catch (IOException | RuntimeException ex) {
					this.violations.add("The soak ended early because of " + ex);
				}
				this.opened = churn.opened();
			}
			finally {
				for (Reader reader : readers) {
					reader.close();
					this.reads += reader.reads();
					this.refusals += reader.refusals();
				}
			}
			world.ledger().settle(this.violations);
			this.resources.checkEnough(this.duration, this.violations);
			this.excused = world.ledger().excused();
			this.missedEvents = world.subjects()
				.stream()
				.mapToLong((subject) -> subject.source().status().missedEvents())
				.sum();
		}
	}

	private void run(World world, Churn churn) throws IOException {
		long start = System.nanoTime();
		Duration nextSample = Duration.ZERO;
		for (Schedule.Step<Fault> step : this.schedule.steps()) {
			if (since(start).compareTo(this.duration) >= 0) {
				return;
			}
			// not until everything that is loaded late has been loaded
			if (this.happened >= this.faults.size() && since(start).compareTo(nextSample) >= 0) {
				churn.pausedFor(this.resources::sample);
				nextSample = since(start).plus(this.duration.dividedBy(SAMPLES));
			}
			World.pause(step.at().minus(since(start)));
			this.happened++;
			happen(step, "fault %d of the schedule, %s (no. %d)".formatted(this.happened, step.fault().name(),
					step.fault().number()), world);
		}
	}

	private void happen(Schedule.Step<Fault> step, String circumstances, World world) throws IOException {
		Fault fault = step.fault();
		this.violations.during(circumstances);
		world.begin(fault.effect());
		try {
			Random random = new Random(step.seed());
			fault.action().happen(world, random);
			world.await(fault.effect());
			World.pause(SHORTEST_FAULT.plusMillis(random.nextInt(400)));
		}
		catch (Exception ex) {
			this.violations.add(ex.toString());
		}
		Map<Subject, Duration> times = world.await(Effect.NONE, world.heal());
		world.healed();
		world.ledger().settle(this.violations);
		this.recoveries.computeIfAbsent(fault, (key) -> new Recoveries()).add(times);
	}

	private static Duration since(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

	boolean isPassed() {
		return this.violations.count() == 0 && this.resources.areFlat();
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

	/**
	 * Return how many faults happened.
	 * @return the number of faults on the schedule, or less if they took too long
	 */
	int happened() {
		return this.happened;
	}

	/**
	 * Return how many cases of the working notes the faults cover.
	 * @return the number of different fault numbers
	 */
	long cases() {
		return this.faults.stream().map(Fault::number).distinct().count();
	}

	long reads() {
		return this.reads;
	}

	long refusals() {
		return this.refusals;
	}

	long opened() {
		return this.opened;
	}

	long excused() {
		return this.excused;
	}

	long missedEvents() {
		return this.missedEvents;
	}

}
