package dev.psat.spire.autoconfigure;

import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * {@link AbstractFailureAnalyzer} for a {@link NoSvidToServeException}.
 */
final class NoSvidToServeFailureAnalyzer extends AbstractFailureAnalyzer<NoSvidToServeException> {

	private static final String TEST = """
			A test has no SPIRE Server by itself. Add dev.psat:psat-spring-boot-spire-test and, to the test class, \
			@Import(SimulatedSpireServerConfiguration.class), which runs one. \
			Where the test needs no TLS, set 'server.ssl.enabled' to 'false'.""";

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, NoSvidToServeException cause) {
		SvidUnavailableException refusal = cause.refusal();
		String description = "%s.%n%n%s. The state of the identity is %s.".formatted(cause.getMessage(),
				refusal.getMessage(), refusal.state());
		return new FailureAnalysis(description, cause.isTestWithoutServer() ? TEST : refusal.advice() + wayOut(cause),
				cause);
	}

	private static String wayOut(NoSvidToServeException cause) {
		if (cause.refusal().state() == SpireState.DISABLED) {
			return " To run without SPIRE, for example in a test, configure %s with another SSL bundle or none."
				.formatted(String.join(" and ", cause.servers()));
		}
		return " Startup waits at most %d s, see 'spire.psat.svid.wait'.".formatted(cause.waited().toSeconds());
	}

}
