package dev.psat.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes an {@link InvalidPsatBeanException}.
 */
class InvalidPsatBeanFailureAnalyzer extends AbstractFailureAnalyzer<InvalidPsatBeanException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidPsatBeanException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
	}

}
