package dev.psat.tlstests.tomcat.storm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

import dev.psat.support.soak.Violations;

/**
 * Lets faults begin and end at random, several at a time, until all of them are over.
 */
final class Storm {

	private static final int MOST_AT_ONCE = 5;

	private static final int FAULTS_BY_PAUSE = 7;

	private final List<Fault> all;

	private final Violations violations;

	private final Random order;

	private final Random timing;

	private final LongSupplier nanoTime;

	private final List<Fault> next = new ArrayList<>();

	private final Map<String, Integer> times = new TreeMap<>();

	/**
	 * Create a storm.
	 * @param all the faults, each of which happens as often as the others
	 * @param random decides in which order they begin, and when each begins and ends
	 * @param nanoTime the clock
	 * @param violations is told of what must not happen
	 */
	Storm(List<Fault> all, Random random, LongSupplier nanoTime, Violations violations) {
		this.all = all;
		// how often the time is asked for is chance
		this.order = new Random(random.nextLong());
		this.timing = new Random(random.nextLong());
		this.nanoTime = nanoTime;
		this.violations = violations;
	}

	/**
	 * Let faults happen for some time.
	 * @param time how long
	 * @param longest how long each lasts at most
	 * @param look is done all the while
	 */
	void blow(Duration time, Duration longest, Look look) {
		List<Blowing> blowing = new ArrayList<>();
		long end = this.nanoTime.getAsLong() + time.toNanos();
		long next = this.nanoTime.getAsLong();
		while (this.nanoTime.getAsLong() - end < 0) {
			endThoseOver(blowing);
			if (this.nanoTime.getAsLong() - next >= 0 && blowing.size() < MOST_AT_ONCE) {
				begin(blowing, longest);
				next = this.nanoTime.getAsLong() + draw(longest.dividedBy(FAULTS_BY_PAUSE));
			}
			look.look();
		}
		Collections.shuffle(blowing, this.timing);
		blowing.forEach(this::end);
	}

	private long draw(Duration longest) {
		return (long) (longest.toNanos() * this.timing.nextDouble());
	}

	private void endThoseOver(List<Blowing> blowing) {
		for (Iterator<Blowing> iterator = blowing.iterator(); iterator.hasNext();) {
			Blowing one = iterator.next();
			if (this.nanoTime.getAsLong() - one.until >= 0) {
				iterator.remove();
				end(one);
			}
		}
	}

	/**
	 * Let the next fault begin for whose place there is room.
	 */
	private void begin(List<Blowing> blowing, Duration longest) {
		Set<String> taken = new HashSet<>();
		blowing.forEach((one) -> taken.add(one.fault.place()));
		if (this.next.stream().allMatch((fault) -> taken.contains(fault.place()))) {
			List<Fault> round = new ArrayList<>(this.all);
			Collections.shuffle(round, this.order);
			this.next.addAll(round);
		}
		for (Iterator<Fault> iterator = this.next.iterator(); iterator.hasNext();) {
			Fault fault = iterator.next();
			if (!taken.contains(fault.place())) {
				iterator.remove();
				begin(fault, longest, blowing);
				return;
			}
		}
	}

	private void begin(Fault fault, Duration longest, List<Blowing> blowing) {
		this.times.merge(fault.name(), 1, Integer::sum);
		long until = this.nanoTime.getAsLong() + draw(longest);
		try {
			blowing.add(new Blowing(fault, fault.course().begin(new Random(this.order.nextLong())), until));
		}
		catch (RuntimeException ex) {
			this.violations.add("%s (%s) did not begin: %s".formatted(fault.name(), fault.place(), ex));
		}
	}

	private void end(Blowing one) {
		try {
			one.end.run();
		}
		catch (RuntimeException ex) {
			this.violations.add("%s (%s) did not end: %s".formatted(one.fault.name(), one.fault.place(), ex));
		}
	}

	/**
	 * Return whether each fault has happened at least once.
	 */
	boolean hasSeenAll() {
		return this.all.stream().map(Fault::name).allMatch(this.times::containsKey);
	}

	/**
	 * Return how many times each fault has happened, by its name.
	 */
	Map<String, Integer> times() {
		return this.times;
	}

	/**
	 * Something that is done all the while.
	 */
	interface Look {

		/**
		 * Look, and wait a little.
		 */
		void look();

	}

	private record Blowing(Fault fault, Runnable end, long until) {

	}

}
