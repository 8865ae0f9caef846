package dev.psat.benchmarks.startup;

import java.util.Arrays;
import java.util.function.Predicate;

import dev.psat.benchmarks.startup.Start.Step;

/**
 * Part of a start on the main thread. All parts together are the whole time until the
 * application is ready.
 */
public enum Part {

	JVM("the JVM until its main method runs", (step) -> false),

	CONFIGURATION("finding configuration classes and judging their conditions",
			(step) -> step.name().startsWith("spring.context.config-classes.")
					|| step.name().equals("spring.context.beandef-registry.post-process")
					|| step.name().equals("spring.context.bean-factory.post-process")),

	OUR_BEANS("making the beans of the starter", Step::isBeanOfOurs),

	OTHER_BEANS("making all other beans", (step) -> step.isBean() && !step.isBeanOfOurs()),

	WEB_SERVER("making the web server", (step) -> step.name().equals("spring.boot.webserver.create")),

	OUR_LIFE_CYCLES("starting the life cycles of the starter, waits included",
			(step) -> step.name().equals("life-cycle")),

	REST("the rest, starting the web server included", (step) -> false);

	private final String description;

	private final Predicate<Step> steps;

	Part(String description, Predicate<Step> steps) {
		this.description = description;
		this.steps = steps;
	}

	/**
	 * Return how long it took in a start.
	 * @param start a start whose steps are known
	 * @return nanoseconds
	 */
	public long of(Start start) {
		return switch (this) {
			case JVM -> start.main();
			case REST -> start.ready()
					- Arrays.stream(values()).filter((part) -> part != REST).mapToLong((part) -> part.of(start)).sum();
			default -> start.time(this.steps);
		};
	}

	@Override
	public String toString() {
		return this.description;
	}

}
