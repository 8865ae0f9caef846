package dev.psat.benchmarks.spire.start;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import dev.psat.benchmarks.startup.Start;
import dev.psat.benchmarks.startup.Start.Step;

/**
 * Part of a start on the main thread. All parts together are the whole time until the
 * application is ready.
 */
enum Part {

	JVM("the JVM until its main method runs", (step) -> false),

	CONFIGURATION("finding configuration classes and judging their conditions",
			(step) -> step.name().startsWith("spring.context.config-classes.")
					|| step.name().equals("spring.context.beandef-registry.post-process")
					|| step.name().equals("spring.context.bean-factory.post-process")),

	OUR_BEANS("making the beans of the starters", (step) -> step.isBean() && isOurs(step)),

	OTHER_BEANS("making all other beans", (step) -> step.isBean() && !isOurs(step)),

	WEB_SERVER("making the web server", (step) -> step.name().equals("spring.boot.webserver.create")),

	WAIT("starting token source and identity, and waiting for the SVID", (step) -> step.name().equals("life-cycle")),

	REST("the rest, starting the web server included", (step) -> false);

	private static final Pattern OURS = Pattern.compile("(?i)psat|spire|spiffe");

	private final String description;

	private final Predicate<Step> steps;

	Part(String description, Predicate<Step> steps) {
		this.description = description;
		this.steps = steps;
	}

	long of(Figures figures) {
		Start start = figures.start();
		return switch (this) {
			case JVM -> start.main();
			case REST -> start.ready() - Arrays.stream(values())
				.filter((part) -> part != REST)
				.mapToLong((part) -> part.of(figures))
				.sum();
			default -> start.time(this.steps);
		};
	}

	private static boolean isOurs(Step step) {
		return OURS.matcher(step.bean()).find();
	}

	@Override
	public String toString() {
		return this.description;
	}

}
