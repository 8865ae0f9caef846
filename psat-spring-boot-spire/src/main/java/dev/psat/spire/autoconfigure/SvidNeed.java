package dev.psat.spire.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;

/**
 * For what the start waits for the first X.509-SVID. The advice for tests has a
 * placeholder for the property that disables the identity; what is optional may be absent
 * then.
 */
record SvidNeed(String reason, String absence, String insteadInTest, String instead, boolean optional) {

	/** What neither a test nor a laptop has by itself. */
	enum Source {

		SERVER("SPIRE Server", "SimulatedSpireServerConfiguration", "spire.server.enabled"),

		AGENT("SPIRE Agent", "SimulatedWorkloadApiConfiguration", "spire.enabled");

		private final String title;

		private final String simulated;

		private final String property;

		Source(String title, String simulated, String property) {
			this.title = title;
			this.simulated = simulated;
			this.property = property;
		}

		@Override
		public String toString() {
			return "A test or a laptop has no %s by itself. Add dev.psat:psat-spring-boot-spire-test with scope 'test', which runs one."
				.formatted(this.title);
		}

	}

	static SvidNeed toServe(List<String> servers) {
		String names = String.join(" and ", servers);
		String withoutTls = "set %s to 'false'".formatted(servers.stream()
			.map((server) -> "'%s'".formatted(property(server)))
			.distinct()
			.collect(Collectors.joining(" and ")));
		return new SvidNeed(", which %s will serve".formatted(names),
				"There is no X.509-SVID for %s to serve".formatted(names),
				"Where the test needs no TLS, %s.".formatted(withoutTls),
				"configure %s with another SSL bundle, or without TLS: %s".formatted(names, withoutTls), false);
	}

	private static String property(String server) {
		return switch (server) {
			case "the management server" -> "management.server.ssl.enabled";
			case "the gRPC server" -> "spring.grpc.server.ssl.enabled";
			default -> "server.ssl.enabled";
		};
	}

	static SvidNeed toConnect() {
		return new SvidNeed(", since 'spire.svid.wait-for' is 'always'",
				"There is no X.509-SVID for this application to connect with",
				"Where the test needs no X.509-SVID, set '%s' to 'false'.", "set 'spire.svid.wait-for' to 'servers'",
				true);
	}

	PsatStartupException afterWait(Duration waited, SvidUnavailableException refusal) {
		return exception(action(waited, refusal), refusal);
	}

	PsatStartupException ofMock(Class<?> identity) {
		return new PsatStartupException(
				"The SpireIdentity bean has no status: %s returns null.".formatted(identity.getName()),
				"A mock has no X.509-SVID. Let a simulated server issue one instead, with "
						+ "@Import(SimulatedSpireServerConfiguration.class) of dev.psat:psat-spring-boot-spire-test. "
						+ this.insteadInTest.formatted("spire.server.enabled"));
	}

	PsatStartupException without(Source source, Duration waited, SvidUnavailableException refusal) {
		return exception(
				"""
						%s

						%s In a test, @Import(%3$s.class). %4$s On a laptop, start the application from a main method in the test sources:

						    SpringApplication.from(Application::main).with(%3$s.class).run(args);"""
					.formatted(action(waited, refusal), source, source.simulated,
							this.insteadInTest.formatted(source.property)),
				refusal);
	}

	private String action(Duration waited, SvidUnavailableException refusal) {
		String wayOut = (refusal.state() == SpireState.DISABLED)
				? "To run without SPIRE, for example in a test, %s.".formatted(this.instead)
				: "Startup waits at most %d s, see 'spire.svid.wait'.".formatted(waited.toSeconds());
		return refusal.advice() + " " + wayOut;
	}

	private PsatStartupException exception(String action, SvidUnavailableException refusal) {
		String description = "%s.%n%n%s. The state of the identity is %s.".formatted(this.absence, refusal.getMessage(),
				refusal.state());
		PsatStartupException exception = new PsatStartupException(this.absence, description, action);
		exception.initCause(refusal);
		return exception;
	}

}
