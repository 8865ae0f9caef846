package dev.psat.tlstests.tomcat.soak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.psat.support.soak.LibraryLog;
import dev.psat.support.soak.Resources;
import dev.psat.support.soak.Violations;
import org.jspecify.annotations.Nullable;

/**
 * Lets one fault happen after the other at the SPIRE Server, mends each, and records the
 * outcome.
 */
final class Soak {

	/** In less there is no time for faults that take minutes. */
	private static final Duration PATIENT = Duration.ofMinutes(10);

	/** In less there may be too little time for samples. */
	private static final Duration FULL = Duration.ofMinutes(30);

	private static final int SAMPLES = 40;

	/** On JDK 17 connections and threads of clients end some time after a collection. */
	private static final Duration SETTLING = Duration.ofSeconds(4);

	private static final int MOST_ATTEMPTS = 5;

	private static final Duration SHORTEST_GAP = Duration.ofMillis(500);

	private static final int LONGEST_FURTHER_GAP = 8000;

	/** Idle threads and descriptors that clients keep for a while, or not. */
	private static final int BY_CHANCE = 2;

	private final Duration duration;

	private final List<Fault> faults;

	private final Random random;

	private final Violations violations = new Violations();

	private final Resources resources = new Resources(BY_CHANCE);

	private final Map<Fault, Recoveries> recoveries = new LinkedHashMap<>();

	private int happened;

	Soak(Duration duration, long seed) {
		this.duration = duration;
		this.faults = Fault.all(duration.compareTo(PATIENT) >= 0);
		this.faults.forEach((fault) -> this.recoveries.put(fault, new Recoveries()));
		this.random = new Random(seed);
	}

	/**
	 * Soak both applications.
	 * @param directory for files
	 * @return what they, their callers and their meters count in the end
	 */
	Totals run(Path directory) throws Exception {
		Totals totals;
		try (SoakWorld world = new SoakWorld(directory, this.violations);
				LibraryLog log = new LibraryLog(this.violations)) {
			Callers callers = new Callers(world);
			try (callers) {
				run(world, callers);
			}
			totals = Totals.of(world, callers);
		}
		totals.check(this.violations);
		if (this.duration.compareTo(FULL) >= 0 && this.resources.size() < Resources.LEAST) {
			this.violations.add("%d samples in %s do not show whether anything grows".formatted(this.resources.size(),
					this.duration));
		}
		return totals;
	}

	private void run(SoakWorld world, Callers callers) {
		try {
			long start = System.nanoTime();
			Duration nextSample = Duration.ZERO;
			List<Fault> round = new ArrayList<>();
			while (since(start).compareTo(this.duration) < 0) {
				// not before everything that is loaded late has been loaded
				if (this.happened >= this.faults.size() && since(start).compareTo(nextSample) >= 0) {
					sample(world, callers);
					nextSample = since(start).plus(this.duration.dividedBy(SAMPLES));
				}
				if (round.isEmpty()) {
					round.addAll(this.faults);
					Collections.shuffle(round, this.random);
				}
				this.happened++;
				happen(round.remove(round.size() - 1), new Random(this.random.nextLong()), world, callers);
				callers.checkProgress(this.violations);
			}
		}
		catch (RuntimeException ex) {
			this.violations.add("The soak ended early because of " + ex);
		}
	}

	private void sample(SoakWorld world, Callers callers) {
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
	private static void settle(SoakWorld world) {
		long attestations;
		int attempts = 0;
		do {
			attestations = attestations(world);
			System.gc();
			world.watch(SETTLING);
		}
		while (attestations(world) > attestations && ++attempts < MOST_ATTEMPTS);
	}

	private static long attestations(SoakWorld world) {
		return world.applications().stream().mapToLong(Application::attestations).sum();
	}

	private void happen(Fault fault, Random random, SoakWorld world, Callers callers) {
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
			this.recoveries.get(fault).add(trial.seenAfter(), mend(fault, world));
		}
		world.allowances().check();
		world.expect(Effect.NONE);
	}

	/**
	 * Mend everything, and wait until each application is well again.
	 */
	private Collection<Duration> mend(Fault fault, SoakWorld world) {
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
	 */
	int happened() {
		return this.happened;
	}

	/**
	 * How long it took until a fault was seen, and from its mending until each
	 * application was well again.
	 */
	static final class Recoveries {

		final List<Duration> seen = new ArrayList<>();

		final List<Duration> over = new ArrayList<>();

		int times;

		private void add(@Nullable Duration seen, Collection<Duration> over) {
			this.times++;
			if (seen != null) {
				this.seen.add(seen);
			}
			this.over.addAll(over);
		}

	}

}
