package dev.psat.spire.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * {@link AbstractFailureAnalyzer} for a {@link BundleConflictException}.
 */
final class BundleConflictFailureAnalyzer extends AbstractFailureAnalyzer<BundleConflictException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, BundleConflictException cause) {
		return new FailureAnalysis("%s.".formatted(cause.getMessage()), cause.action(), cause);
	}

}
