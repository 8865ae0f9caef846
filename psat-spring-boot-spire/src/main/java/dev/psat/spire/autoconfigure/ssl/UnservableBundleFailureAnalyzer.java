package dev.psat.spire.autoconfigure.ssl;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * {@link AbstractFailureAnalyzer} for an {@link UnservableBundleException}.
 */
final class UnservableBundleFailureAnalyzer extends AbstractFailureAnalyzer<UnservableBundleException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnservableBundleException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
	}

}
