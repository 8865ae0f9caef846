package dev.psat.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Analyzes an {@link InvalidPsatPropertyException} and shows the property as written.
 */
class InvalidPsatPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidPsatPropertyException> {

	private final Environment environment;

	InvalidPsatPropertyFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidPsatPropertyException cause) {
		WrittenProperty property = cause.property().in(this.environment);
		return new FailureAnalysis(property + "\n\n" + cause.reason(), cause.action(), cause);
	}

}
