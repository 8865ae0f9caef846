package dev.psat.spire.autoconfigure;

import java.time.Duration;
import java.util.List;

import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NoSvidToServeFailureAnalyzer}.
 */
class NoSvidToServeFailureAnalyzerTests {

	@Test
	void waitThatRanOutTellsStateAdviceAndProperty() {
		FailureAnalysis analysis = analyze(SpireState.WAITING_FOR_ENTRY, "No entry was found", "Create one.");
		assertThat(analysis.getDescription()).isEqualToNormalizingNewlines("""
				There is no X.509-SVID for the web server and the gRPC server to serve.

				No entry was found. The state of the identity is WAITING_FOR_ENTRY.""");
		assertThat(analysis.getAction())
			.isEqualTo("Create one. Startup waits at most 300 s, see 'spire.psat.svid.wait'.");
	}

	@Test
	void identityThatIsDisabledHasAnotherWayOut() {
		FailureAnalysis analysis = analyze(SpireState.DISABLED, "It is disabled", "Enable it.");
		assertThat(analysis.getAction())
			.isEqualTo("Enable it. To run without SPIRE, for example in a test, configure the web server and "
					+ "the gRPC server with another SSL bundle or none.");
	}

	@Test
	void testIsToldHowToRunAServerOrToDoWithoutTls() {
		FailureAnalysis analysis = analyze(SpireState.ATTESTING, "It cannot be reached", "Check that it runs.", true);
		assertThat(analysis.getAction()).contains("@Import(SimulatedSpireServerConfiguration.class)")
			.contains("'server.ssl.enabled' to 'false'")
			.doesNotContain("Check that it runs");
	}

	private static FailureAnalysis analyze(SpireState state, String message, String advice) {
		return analyze(state, message, advice, false);
	}

	private static FailureAnalysis analyze(SpireState state, String message, String advice, boolean test) {
		NoSvidToServeException failure = new NoSvidToServeException(List.of("the web server", "the gRPC server"),
				Duration.ofMinutes(5), test, new SvidUnavailableException(message, state, advice));
		FailureAnalysis analysis = new NoSvidToServeFailureAnalyzer()
			.analyze(new IllegalStateException("around", failure));
		assertThat(analysis).isNotNull();
		return analysis;
	}

}
