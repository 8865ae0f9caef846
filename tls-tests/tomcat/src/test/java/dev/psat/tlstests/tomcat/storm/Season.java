package dev.psat.tlstests.tomcat.storm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import dev.psat.support.soak.LibraryLog;
import dev.psat.support.soak.Resources;
import dev.psat.support.soak.Thrown;
import dev.psat.support.soak.Violations;

/**
 * One storm after the other, and a calm after each.
 */
final class Season {

	private static final Duration LOOK = Duration.ofMillis(10);

	private static final Duration SHORTEST_STORM = Duration.ofSeconds(8);

	private static final int LONGEST_FURTHER_STORM = 32_000;

	private static final Duration LONGEST_FAULT = Duration.ofSeconds(20);

	/** One of so many storms lasts longer than an SVID that has expired may serve. */
	private static final int FEW = 10;

	private static final Duration LONG_STORM = Duration.ofSeconds(200);

	/** In less there is no time for long storms. */
	private static final Duration PATIENT = Duration.ofMinutes(10);

	/** Visits pause for up to 30 seconds after an outage, and there are several steps. */
	private static final Duration RECOVERY = Duration.ofSeconds(90);

	private static final Duration CALM = Duration.ofSeconds(4);

	/** A visit each 5 seconds, and what is read every 5 seconds before that. */
	private static final Duration SOON = Duration.ofSeconds(30);

	/** No status may take longer. */
	private static final Duration PROMPT = Duration.ofSeconds(10);

	private static final int SAMPLES = 40;

	/** On JDK 17 connections and threads of clients end some time after a collection. */
	private static final Duration SETTLING = Duration.ofSeconds(4);

	/** In less there may be too little time for samples. */
	private static final Duration FULL = Duration.ofMinutes(30);

	/** Idle threads and descriptors that clients keep for a while, or not. */
	private static final int BY_CHANCE = 4;

	private final Duration duration;

	private final Random random;

	private final Violations violations = new Violations();

	private final Resources resources = new Resources(BY_CHANCE);

	private final Tally tally = new Tally();

	private final List<Duration> recoveries = new ArrayList<>();

	private Map<String, Integer> times = Map.of();

	private Ended ended = Ended.of(List.of());

	Season(Duration duration, long seed) {
		this.duration = duration;
		this.random = new Random(seed);
	}

	/**
	 * Let all storms happen.
	 * @param directory for files
	 */
	void run(Path directory) throws Exception {
		try (LibraryLog log = new LibraryLog(this.violations); World world = new World(directory, this.violations)) {
			recover(world);
			Weather weather = new Weather(Traffic.LONGEST_CALL);
			try (Traffic traffic = new Traffic(world, weather, this.tally, this.violations)) {
				run(world, weather, traffic);
			}
			catch (RuntimeException ex) {
				this.violations.add("The season ended early because of " + Thrown.describe(ex));
			}
			this.ended = Ended.of(world.members());
		}
		if (this.duration.compareTo(FULL) >= 0) {
			this.ended.check(this.violations);
		}
		if (this.duration.compareTo(FULL) >= 0 && this.resources.size() < Resources.LEAST) {
			this.violations.add("%d samples in %s do not show whether anything grows".formatted(this.resources.size(),
					this.duration));
		}
	}

	private void run(World world, Weather weather, Traffic traffic) {
		Storm storm = new Storm(world.faults(), this.random, System::nanoTime, this.violations);
		List<Drill> drills = Drill.of(world);
		this.times = storm.times();
		long start = System.nanoTime();
		Duration nextSample = Duration.ZERO;
		weather.set(false);
		while (since(start).compareTo(this.duration) < 0) {
			this.violations.during("storm %d".formatted(this.recoveries.size() + 1));
			blow(storm, world);
			this.recoveries.add(recover(world));
			traffic.renewStrangers();
			weather.set(true);
			watch(world, CALM);
			traffic.checkProgress();
			weather.set(false);
			drill(drills.get(this.random.nextInt(drills.size())), world);
			// not before everything that is loaded late has been loaded
			if (storm.hasSeenAll() && since(start).compareTo(nextSample) >= 0) {
				weather.whileNobodyCalls(() -> sample(world));
				nextSample = since(start).plus(this.duration.dividedBy(SAMPLES));
			}
		}
	}

	private void drill(Drill drill, World world) {
		this.violations.during("the drill after storm %d".formatted(this.recoveries.size()));
		long start = System.nanoTime();
		drill.begin().run();
		while (!drill.effective().getAsBoolean() && since(start).compareTo(SOON) < 0) {
			look(world);
		}
		if (!drill.effective().getAsBoolean()) {
			this.violations.add("%s had no effect within %s".formatted(drill.name(), SOON));
		}
		watch(world, World.GRACE);
		drill.end().run();
	}

	private void blow(Storm storm, World world) {
		if (this.duration.compareTo(PATIENT) >= 0 && this.random.nextInt(FEW) == 0) {
			storm.blow(LONG_STORM, LONG_STORM, () -> look(world));
		}
		else {
			Duration time = SHORTEST_STORM.plusMillis(this.random.nextInt(LONGEST_FURTHER_STORM));
			storm.blow(time, LONGEST_FAULT, () -> look(world));
		}
	}

	/**
	 * Mend everything, and wait until every member is well again.
	 */
	private Duration recover(World world) {
		Map<Member, Long> generations = new LinkedHashMap<>();
		world.members().forEach((member) -> generations.put(member, member.generation()));
		long start = System.nanoTime();
		world.mend();
		Map<Member, String> complaints = complaints(world, generations);
		while (!complaints.isEmpty() && since(start).compareTo(RECOVERY) < 0) {
			look(world);
			complaints = complaints(world, generations);
		}
		Duration time = since(start);
		if (!complaints.isEmpty()) {
			this.violations.add("Not over within %s: %s".formatted(RECOVERY,
					complaints.entrySet()
						.stream()
						.map((complaint) -> "%s of %s".formatted(complaint.getValue(), complaint.getKey().status()))
						.collect(Collectors.joining("; "))));
		}
		world.members().forEach((member) -> member.doorkeeper().forget());
		return time;
	}

	private static Map<Member, String> complaints(World world, Map<Member, Long> generations) {
		Map<Member, String> complaints = new LinkedHashMap<>();
		generations.forEach((member, generation) -> {
			String complaint = world.complaint(member, generation);
			if (complaint != null) {
				complaints.put(member, complaint);
			}
		});
		return complaints;
	}

	private void watch(World world, Duration time) {
		long start = System.nanoTime();
		while (since(start).compareTo(time) < 0) {
			look(world);
		}
	}

	/**
	 * Whatever happens, members tell their status, and at once.
	 */
	private void look(World world) {
		for (Member member : world.members()) {
			long start = System.nanoTime();
			member.status();
			if (since(start).compareTo(PROMPT) > 0) {
				this.violations.add("The status of %s took %s".formatted(member, since(start)));
			}
		}
		LockSupport.parkNanos(LOOK.toNanos());
	}

	private void sample(World world) {
		System.gc();
		IdleThreads threads = new IdleThreads();
		watch(world, SETTLING);
		threads.spinning().forEach(this.violations::add);
		world.endConnections();
		this.resources.sample();
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

	Tally tally() {
		return this.tally;
	}

	/**
	 * Return how long it took after each storm until every member was well again.
	 */
	List<Duration> recoveries() {
		return this.recoveries;
	}

	/**
	 * Return how many connections have ended with each cause.
	 */
	Ended ended() {
		return this.ended;
	}

	/**
	 * Return how many times each fault has happened, by its name.
	 */
	Map<String, Integer> times() {
		return this.times;
	}

}
