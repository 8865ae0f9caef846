package dev.psat.spire.autoconfigure;

import java.time.Duration;
import java.util.List;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;

/**
 * What is said where a server with the SSL bundle is about to start and there is no
 * X.509-SVID.
 */
final class NoSvidToServe {

	private static final String TEST = """
			A test has no SPIRE Server by itself. Add dev.psat:psat-spring-boot-spire-test and, to the test class, \
			@Import(SimulatedSpireServerConfiguration.class), which runs one. \
			Where the test needs no TLS, set 'server.ssl.enabled' to 'false'.""";

	private NoSvidToServe() {
	}

	static PsatStartupException afterWait(List<String> servers, Duration waited, SvidUnavailableException refusal) {
		String wayOut = (refusal.state() == SpireState.DISABLED)
				? " To run without SPIRE, for example in a test, configure %s with another SSL bundle or none."
					.formatted(String.join(" and ", servers))
				: " Startup waits at most %d s, see 'spire.psat.svid.wait'.".formatted(waited.toSeconds());
		return exception(servers, refusal.advice() + wayOut, refusal);
	}

	static PsatStartupException inTestWithoutServer(List<String> servers, SvidUnavailableException refusal) {
		return exception(servers, TEST, refusal);
	}

	private static PsatStartupException exception(List<String> servers, String action,
			SvidUnavailableException refusal) {
		String message = "There is no X.509-SVID for %s to serve".formatted(String.join(" and ", servers));
		String description = "%s.%n%n%s. The state of the identity is %s.".formatted(message, refusal.getMessage(),
				refusal.state());
		PsatStartupException exception = new PsatStartupException(message, description, action);
		exception.initCause(refusal);
		return exception;
	}

}
