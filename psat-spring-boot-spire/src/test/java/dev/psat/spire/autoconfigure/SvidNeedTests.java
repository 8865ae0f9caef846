package dev.psat.spire.autoconfigure;

import java.time.Duration;
import java.util.List;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import org.junit.jupiter.api.Test;

import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SvidNeed}.
 */
class SvidNeedTests {

	private static final SvidNeed SERVERS = SvidNeed.toServe(List.of("the web server", "the gRPC server"));

	@Test
	void waitThatRanOutTellsStateAdviceAndProperty() {
		PsatStartupException exception = afterWait(SpireState.WAITING_FOR_ENTRY, "No entry was found", "Create one.");
		assertThat(exception.description(new StandardEnvironment())).isEqualToNormalizingNewlines("""
				There is no X.509-SVID for the web server and the gRPC server to serve.

				No entry was found. The state of the identity is WAITING_FOR_ENTRY.""");
		assertThat(exception.action()).isEqualTo("Create one. Startup waits at most 300 s, see 'spire.svid.wait'.");
	}

	@Test
	void identityThatIsDisabledHasAnotherWayOut() {
		PsatStartupException exception = afterWait(SpireState.DISABLED, "It is disabled", "Enable it.");
		assertThat(exception.action())
			.isEqualTo("Enable it. To run without SPIRE, for example in a test, configure the web server and "
					+ "the gRPC server with another SSL bundle, or without TLS: "
					+ "set 'server.ssl.enabled' and 'spring.grpc.server.ssl.enabled' to 'false'.");
	}

	@Test
	void eachServerIsToldItsOwnProperty() {
		assertThat(SvidNeed.toServe(List.of("the management server")).instead())
			.endsWith("set 'management.server.ssl.enabled' to 'false'");
		assertThat(SvidNeed.toServe(List.of("the web server", "the web server of a child")).insteadInTest())
			.endsWith("set 'server.ssl.enabled' to 'false'.");
	}

	@Test
	void testAndLaptopAreToldHowToRunAServerOrAnAgentBesidesTheAdvice() {
		SvidUnavailableException refusal = new SvidUnavailableException("It cannot be reached", SpireState.ATTESTING,
				"Check that it runs.");
		assertThat(SERVERS.without(SvidNeed.Source.SERVER, Duration.ofMinutes(5), refusal).action())
			.isEqualToNormalizingNewlines(
					"""
							Check that it runs. Startup waits at most 300 s, see 'spire.svid.wait'.

							A test or a laptop has no SPIRE Server by itself. Add dev.psat:psat-spring-boot-spire-test with scope 'test', which runs one. In a test, @Import(SimulatedSpireServerConfiguration.class). Where the test needs no TLS, set 'server.ssl.enabled' and 'spring.grpc.server.ssl.enabled' to 'false'. On a laptop, start the application from a main method in the test sources:

							    SpringApplication.from(Application::main).with(SimulatedSpireServerConfiguration.class).run(args);""");
		assertThat(SERVERS.without(SvidNeed.Source.AGENT, Duration.ofMinutes(5), refusal).action()).contains(
				"A test or a laptop has no SPIRE Agent by itself", "with(SimulatedWorkloadApiConfiguration.class)");
	}

	@Test
	void clientsAreToldTheirOwnWords() {
		SvidUnavailableException refusal = new SvidUnavailableException("It cannot be reached", SpireState.ATTESTING,
				"Check that it runs.");
		PsatStartupException exception = SvidNeed.toConnect().afterWait(Duration.ofMinutes(5), refusal);
		assertThat(exception).hasMessage("There is no X.509-SVID for this application to connect with");
		assertThat(exception.action())
			.isEqualTo("Check that it runs. Startup waits at most 300 s, see 'spire.svid.wait'.");
		assertThat(SvidNeed.toConnect().without(SvidNeed.Source.SERVER, Duration.ofMinutes(5), refusal).action())
			.contains("@Import(SimulatedSpireServerConfiguration.class)")
			.contains("'spire.server.enabled' to 'false'")
			.doesNotContain("server.ssl");
		assertThat(SvidNeed.toConnect().without(SvidNeed.Source.AGENT, Duration.ofMinutes(5), refusal).action())
			.contains("@Import(SimulatedWorkloadApiConfiguration.class)")
			.contains("'spire.enabled' to 'false'")
			.doesNotContain("server");
	}

	private static PsatStartupException afterWait(SpireState state, String message, String advice) {
		return SERVERS.afterWait(Duration.ofMinutes(5), new SvidUnavailableException(message, state, advice));
	}

}
