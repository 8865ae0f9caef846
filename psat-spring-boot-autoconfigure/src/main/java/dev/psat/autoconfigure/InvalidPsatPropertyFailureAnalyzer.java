package dev.psat.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes an {@link InvalidPsatPropertyException}.
 */
class InvalidPsatPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidPsatPropertyException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidPsatPropertyException cause) {
		return new FailureAnalysis(cause.description(), cause.action(), cause);
	}

}
