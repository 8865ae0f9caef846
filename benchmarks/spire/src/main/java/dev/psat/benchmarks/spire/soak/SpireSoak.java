package dev.psat.benchmarks.spire.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

import dev.psat.benchmarks.soak.LibraryLog;
import dev.psat.benchmarks.soak.Resources;
import dev.psat.benchmarks.soak.Rounds;
import dev.psat.benchmarks.soak.Violations;

/**
 * Lets one fault happen after the other at the SPIRE Server, mends each, and records the
 * outcome.
 */
final class SpireSoak {

	/** In less there is no time for faults that take minutes. */
	private static final Duration PATIENT = Duration.ofMinutes(10);

	private static final int SAMPLES = 40;

	/** On JDK 17 connections and threads of clients end some time after a collection. */
	private static final Duration SETTLING = Duration.ofSeconds(4);

	/** Idle threads and descriptors that clients keep for a while, or not. */
	private static final long BY_CHANCE = 2;

	private static final int MOST_ATTEMPTS = 5;

	private static final Duration SHORTEST_GAP = Duration.ofMillis(500);

	private static final int LONGEST_FURTHER_GAP = 8000;

	/** Tomcat's own, which nobody leads elsewhere. Held, since loggers are collected. */
	private static final Logger TOMCAT = Logger.getLogger("org.apache");

	private final Duration duration;

	private final List<Fault> faults;

	private final Random random;

	private final Violations violations = new Violations();

	private final Resources resources = new Resources(BY_CHANCE);

	private final Map<Fault, Recoveries> recoveries = new LinkedHashMap<>();

	private final Totals totals = new Totals();

	private int happened;

	SpireSoak(Duration duration, long seed) {
		this.duration = duration;
		this.faults = Fault.all(duration.compareTo(PATIENT) >= 0);
		this.faults.forEach((fault) -> this.recoveries.put(fault, new Recoveries()));
		this.random = new Random(seed);
	}

	void run() throws IOException {
		LibraryLog.watch(this.violations);
		TOMCAT.setLevel(Level.OFF);
		try (World world = new World(this.violations)) {
			try (Callers callers = new Callers(world)) {
				run(world, callers);
				this.totals.calls(callers);
			}
			this.totals.read(world, this.recoveries.keySet());
		}
		this.totals.check(this.violations);
		this.resources.checkEnough(this.duration, this.violations);
	}

	private void run(World world, Callers callers) {
		try {
			long start = System.nanoTime();
			Duration nextSample = Duration.ZERO;
			Rounds<Fault> rounds = new Rounds<>(this.faults, this.random);
			while (since(start).compareTo(this.duration) < 0) {
				// not before everything that is loaded late has been loaded
				if (this.happened >= this.faults.size() && since(start).compareTo(nextSample) >= 0) {
					sample(world, callers);
					nextSample = since(start).plus(this.duration.dividedBy(SAMPLES));
				}
				this.happened++;
				happen(rounds.next(), new Random(this.random.nextLong()), world, callers);
				callers.checkProgress(this.violations);
			}
		}
		catch (IOException | RuntimeException ex) {
			this.violations.add("The soak ended early because of " + ex);
		}
	}

	private void sample(World world, Callers callers) throws IOException {
		settle(world);
		callers.pausedFor(() -> {
			world.endConnections();
			this.resources.sample();
		});
	}

	/**
	 * Let the clients of earlier agents be collected, until there are no others than
	 * those in use.
	 */
	private static void settle(World world) {
		long attestations;
		int attempts = 0;
		do {
			attestations = attestations(world);
			System.gc();
			world.watch(SETTLING);
		}
		while (attestations(world) > attestations && ++attempts < MOST_ATTEMPTS);
	}

	private static long attestations(World world) {
		return world.applications().stream().mapToLong((application) -> application.attestations("success")).sum();
	}

	private void happen(Fault fault, Random random, World world, Callers callers) {
		world.watch(SHORTEST_GAP.plusMillis(random.nextInt(LONGEST_FURTHER_GAP)));
		this.violations.during("fault %d of the schedule, %s".formatted(this.happened, fault.name()));
		world.expect(fault.effect());
		try (Trial trial = new Trial(fault, world, callers, random)) {
			try {
				fault.course().run(trial);
			}
			catch (Exception ex) {
				this.violations.add(ex.toString());
			}
			this.recoveries.computeIfAbsent(fault, (key) -> new Recoveries())
				.add(trial.seenAfter(), mend(fault, world));
		}
		world.allowances().check();
		world.expect(Effect.NONE);
	}

	/**
	 * Mend everything, and wait until each application is well again.
	 */
	private Collection<Duration> mend(Fault fault, World world) {
		Map<Application, Long> generations = world.applications()
			.stream()
			.collect(Collectors.toMap(Function.identity(), Application::generation));
		Map<Application, Duration> times = new HashMap<>();
		long start = System.nanoTime();
		world.repair().mend(world.applications());
		boolean well = world.await(() -> {
			generations.forEach((application, generation) -> {
				if (!times.containsKey(application) && world.repair().isWell(application.status(), generation)) {
					times.put(application, since(start));
				}
			});
			return times.size() == generations.size();
		}, fault.effect().overWithin());
		if (!well) {
			this.violations.add("Not over within %s: %s".formatted(fault.effect().overWithin(), world.describe()));
		}
		return times.values();
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

	Totals totals() {
		return this.totals;
	}

	/**
	 * Return how many faults happened.
	 * @return the number
	 */
	int happened() {
		return this.happened;
	}

}
