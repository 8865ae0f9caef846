package dev.psat.benchmarks.startup;

import java.util.List;
import java.util.function.Predicate;

/**
 * One start of the web application.
 *
 * @param main nanoseconds from before the process was made until its main method ran
 * @param ready nanoseconds from before the process was made until it was ready
 * @param cpu nanoseconds that its processors were busy by then
 * @param classes how many classes it had loaded by then
 * @param steps what it consisted of, empty if that was not asked for
 */
public record Start(long main, long ready, long cpu, long classes, List<Step> steps) {

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

		static Step fromLine(String line) {
			String[] words = line.split(" ");
			return new Step(Long.parseLong(words[0]), words[1], (words.length > 2) ? words[2] : "");
		}

		public boolean isBean() {
			return !this.bean.isEmpty();
		}

		boolean isBeanOfOurs() {
			return this.bean.startsWith("psat") || this.bean.contains("dev.psat.autoconfigure.");
		}

	}

}
