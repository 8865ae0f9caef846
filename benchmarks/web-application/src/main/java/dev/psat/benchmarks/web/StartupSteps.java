package dev.psat.benchmarks.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.metrics.buffering.BufferingApplicationStartup;
import org.springframework.boot.context.metrics.buffering.StartupTimeline.TimelineEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.core.metrics.StartupStep;

/**
 * Records what a start consists of.
 */
final class StartupSteps {

	private static final int CAPACITY = 10_000;

	private final BufferingApplicationStartup startup = new BufferingApplicationStartup(CAPACITY);

	/** The phases of the life cycles of ours lie between them. */
	private final PhaseMark before = new PhaseMark(Integer.MAX_VALUE - 3073);

	private final PhaseMark after = new PhaseMark(Integer.MAX_VALUE - 3070);

	StartupSteps(SpringApplication application) {
		application.setApplicationStartup(this.startup);
		application.addInitializers((context) -> {
			context.getBeanFactory().registerSingleton("before", this.before);
			context.getBeanFactory().registerSingleton("after", this.after);
		});
	}

	/**
	 * Return a line for each step: nanoseconds without those of the steps within it, its
	 * name, and a bean's name if it makes one. Spring has no steps for life cycles and
	 * other threads: two more lines are for those of ours.
	 * @param context what has started
	 * @return the lines
	 */
	List<String> of(ApplicationContext context) {
		List<TimelineEvent> events = this.startup.getBufferedTimeline().getEvents();
		Map<Long, Long> within = new HashMap<>();
		for (TimelineEvent event : events) {
			Long parent = event.getStartupStep().getParentId();
			if (parent != null) {
				within.merge(parent, event.getDuration().toNanos(), Long::sum);
			}
		}
		List<String> lines = new ArrayList<>();
		for (TimelineEvent event : events) {
			StartupStep step = event.getStartupStep();
			long own = event.getDuration().toNanos() - within.getOrDefault(step.getId(), 0L);
			lines.add("step %d %s %s".formatted(own, step.getName(), bean(step)));
		}
		lines.add("step %d life-cycle".formatted(this.after.startedAt() - this.before.startedAt()));
		lines.add("step %d first-look".formatted(firstLook(context)));
		return lines;
	}

	private static String bean(StartupStep step) {
		return StreamSupport.stream(step.getTags().spliterator(), false)
			.filter((tag) -> tag.getKey().equals("beanName"))
			.map(StartupStep.Tag::getValue)
			.findFirst()
			.orElse("");
	}

	private static long firstLook(ApplicationContext context) {
		Timer timer = context.getBean(MeterRegistry.class).find("spire.psat.token.publish").timer();
		return (timer != null) ? (long) timer.totalTime(TimeUnit.NANOSECONDS) : 0;
	}

}
