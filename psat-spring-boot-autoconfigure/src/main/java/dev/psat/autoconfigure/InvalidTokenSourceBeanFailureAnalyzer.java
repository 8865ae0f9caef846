package dev.psat.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes an {@link InvalidTokenSourceBeanException}.
 */
class InvalidTokenSourceBeanFailureAnalyzer extends AbstractFailureAnalyzer<InvalidTokenSourceBeanException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidTokenSourceBeanException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
	}

}
