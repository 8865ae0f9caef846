package dev.psat.spire.autoconfigure;

import java.time.Duration;
import java.util.List;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;

/**
 * For what the start waits for the first X.509-SVID, and what is said about it.
 *
 * @param reason why it waits, after the words "the first X.509-SVID"
 * @param absence what is said if there is none
 * @param insteadInTest what to do in a test that does without, with a placeholder for the
 * property that disables the identity
 * @param instead what to do in an application that does without
 * @param optional whether an application in which SPIRE is disabled starts nonetheless
 */
record SvidNeed(String reason, String absence, String insteadInTest, String instead, boolean optional) {

	private static final String TEST = """
			A test has no %s by itself. Add dev.psat:psat-spring-boot-spire-test and, to the test class, \
			@Import(Simulated%sConfiguration.class), which runs one. \
			""";

	static SvidNeed toServe(List<String> servers) {
		String names = String.join(" and ", servers);
		return new SvidNeed(", which %s will serve".formatted(names),
				"There is no X.509-SVID for %s to serve".formatted(names),
				"Where the test needs no TLS, set 'server.ssl.enabled' to 'false'.",
				"configure %s with another SSL bundle or none".formatted(names), false);
	}

	/**
	 * That of clients. If SPIRE is disabled, they do without, as the application says.
	 */
	static SvidNeed toConnect() {
		return new SvidNeed(", since 'spire.psat.svid.wait-for' is 'always'",
				"There is no X.509-SVID for this application to connect with",
				"Where the test needs no X.509-SVID, set '%s' to 'false'.",
				"set 'spire.psat.svid.wait-for' to 'servers'", true);
	}

	PsatStartupException afterWait(Duration waited, SvidUnavailableException refusal) {
		String wayOut = (refusal.state() == SpireState.DISABLED)
				? " To run without SPIRE, for example in a test, %s.".formatted(this.instead)
				: " Startup waits at most %d s, see 'spire.psat.svid.wait'.".formatted(waited.toSeconds());
		return exception(refusal.advice() + wayOut, refusal);
	}

	PsatStartupException inTestWithoutServer(SvidUnavailableException refusal) {
		return exception(inTest("SPIRE Server", "SpireServer", "spire.psat.server.enabled"), refusal);
	}

	PsatStartupException inTestWithoutAgent(SvidUnavailableException refusal) {
		return exception(inTest("SPIRE Agent", "WorkloadApi", "spire.psat.enabled"), refusal);
	}

	private String inTest(String missing, String simulated, String property) {
		return TEST.formatted(missing, simulated) + this.insteadInTest.formatted(property);
	}

	private PsatStartupException exception(String action, SvidUnavailableException refusal) {
		String description = "%s.%n%n%s. The state of the identity is %s.".formatted(this.absence, refusal.getMessage(),
				refusal.state());
		PsatStartupException exception = new PsatStartupException(this.absence, description, action);
		exception.initCause(refusal);
		return exception;
	}

}
