package dev.psat.autoconfigure;

import dev.psat.autoconfigure.internal.PsatStartupException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

class PsatStartupFailureAnalyzer extends AbstractFailureAnalyzer<PsatStartupException> {

	private final Environment environment;

	PsatStartupFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, PsatStartupException cause) {
		return new FailureAnalysis(cause.description(this.environment), cause.action(), cause);
	}

}
