package dev.psat.tlstests.tomcat.soak;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * One time that a fault happens.
 */
final class Trial implements AutoCloseable {

	private static final Duration LONGEST_HOLD = Duration.ofSeconds(2);

	private final Fault fault;

	private final SoakWorld world;

	private final Callers callers;

	private final Random random;

	private long began = System.nanoTime();

	private @Nullable Duration seenAfter;

	Trial(Fault fault, SoakWorld world, Callers callers, Random random) {
		this.fault = fault;
		this.world = world;
		this.callers = callers;
		this.random = random;
	}

	SoakWorld world() {
		return this.world;
	}

	Random random() {
		return this.random;
	}

	/**
	 * Measure from now on how long it takes until the fault is seen, which has taken some
	 * preparation.
	 */
	void begin() {
		this.began = System.nanoTime();
	}

	/**
	 * Draw whom the fault meets.
	 * @return one of both applications, or both
	 */
	List<Application> draw() {
		List<Application> both = this.world.applications();
		int drawn = this.random.nextInt(both.size() + 1);
		return (drawn < both.size()) ? List.of(both.get(drawn)) : both;
	}

	/**
	 * Draw a duration.
	 * @param from the shortest
	 * @param to the longest
	 * @return a duration in whole milliseconds
	 */
	Duration draw(Duration from, Duration to) {
		return from.plusMillis(this.random.nextInt((int) to.minus(from).toMillis() + 1));
	}

	/**
	 * Wait until some applications show the fault, and then a little longer.
	 * @param sign what they must show
	 * @param applications the applications
	 * @param shows whether an application shows it
	 */
	void awaitSeen(String sign, List<Application> applications, Predicate<Application> shows) {
		awaitSeen(sign, () -> applications.stream().allMatch(shows));
		this.world.watch(draw(Duration.ZERO, LONGEST_HOLD));
	}

	/**
	 * Wait until the fault is seen, and not a moment longer.
	 * @param sign what must be seen
	 * @param shows whether it is
	 */
	void awaitSeen(String sign, BooleanSupplier shows) {
		if (await(sign, shows)) {
			this.seenAfter = Duration.ofNanos(System.nanoTime() - this.began);
		}
	}

	/**
	 * Wait until some applications are ready for the next step of the fault.
	 * @param step what they must have done
	 * @param applications the applications
	 * @param ready whether an application has
	 */
	void await(String step, List<Application> applications, Predicate<Application> ready) {
		await(step, () -> applications.stream().allMatch(ready));
	}

	/**
	 * Wait until the fault has come to its next step.
	 * @param what what must have happened
	 * @param condition whether it has
	 * @return whether it happened in time
	 */
	boolean await(String what, BooleanSupplier condition) {
		Duration bound = this.fault.effect().seenWithin();
		boolean come = this.world.await(condition, bound);
		if (!come) {
			this.world.violations().add("Not seen within %s: %s. %s".formatted(bound, what, this.world.describe()));
		}
		return come;
	}

	/**
	 * Allow calls to fail from now on.
	 */
	void allowFailures() {
		this.callers.pausedFor(() -> this.world.allowances().allow(this.fault.name()));
	}

	/**
	 * Allow calls to fail from now on, also since the own SVID has expired.
	 */
	void allowFailuresOfAllExpired() {
		this.callers.pausedFor(() -> this.world.allowances().allowAllExpired(this.fault.name()));
	}

	/**
	 * Return how many calls of this trial and earlier ones of its fault have failed.
	 */
	long failures() {
		return this.world.allowances().explained(this.fault.name());
	}

	/**
	 * Allow no call to fail from now on.
	 */
	void disallowFailures() {
		this.callers.pausedFor(this.world.allowances()::forbid);
	}

	/**
	 * Return how long it took until the fault was seen.
	 * @return the time since the fault began, {@code null} if it was not seen
	 */
	@Nullable Duration seenAfter() {
		return this.seenAfter;
	}

	@Override
	public void close() {
		disallowFailures();
	}

}
