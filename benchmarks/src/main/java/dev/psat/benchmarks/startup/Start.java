package dev.psat.benchmarks.startup;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * One start of the web application.
 *
 * @param main nanoseconds from before the process was made until its main method ran
 * @param ready nanoseconds from before the process was made until it was ready
 * @param footprint what it had taken of the machine by then
 * @param steps what it consisted of, empty if that was not asked for
 */
public record Start(long main, long ready, Footprint footprint, List<Step> steps) {

	public long time(Predicate<Step> which) {
		return this.steps.stream().filter(which).mapToLong(Step::time).sum();
	}

	/**
	 * Part of a start.
	 *
	 * @param time nanoseconds without those of the steps within
	 * @param name what was done
	 * @param bean the bean that was made, empty if none was
	 */
	public record Step(long time, String name, String bean) {

		private static final Pattern OURS = Pattern.compile("(?i)psat|spire|spiffe");

		static Step fromLine(String line) {
			String[] words = line.split(" ");
			return new Step(Long.parseLong(words[0]), words[1], (words.length > 2) ? words[2] : "");
		}

		boolean isBean() {
			return !this.bean.isEmpty();
		}

		boolean isBeanOfOurs() {
			return OURS.matcher(this.bean).find();
		}

	}

}
