package dev.psat.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the user sees when startup fails.
 */
final class Failures {

	private Failures() {
	}

	/**
	 * Run something that has to fail, and have the failure analyzed.
	 */
	static FailureAnalysis analyze(ApplicationContextRunner runner, Class<? extends Throwable> rootCause,
			Function<Environment, FailureAnalyzer> analyzer) {
		List<FailureAnalyzer> analyzers = new CopyOnWriteArrayList<>();
		List<FailureAnalysis> analyses = new CopyOnWriteArrayList<>();
		runner.withInitializer((context) -> analyzers.add(analyzer.apply(context.getEnvironment()))).run((context) -> {
			Throwable failure = context.getStartupFailure();
			assertThat(failure).isNotNull();
			assertThat(NestedExceptionUtils.getMostSpecificCause(failure)).isInstanceOf(rootCause);
			FailureAnalysis analysis = analyzers.get(0).analyze(failure);
			if (analysis != null) {
				analyses.add(analysis);
			}
		});
		assertThat(analyses).hasSize(1);
		assertThat(analyses.get(0).getDescription()).doesNotContain("null");
		assertThat(analyses.get(0).getAction()).doesNotContain("null");
		return analyses.get(0);
	}

}
