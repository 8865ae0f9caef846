package dev.psat.spire.autoconfigure;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.workload.client.WorkloadEndpoint;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.CompositePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.util.StringUtils;

final class WorkloadApiRules {

	private static final String SOCKET = "workload-api.socket";

	private static final String EXAMPLE = "unix:///run/spire/agent-sockets/spire-agent.sock";

	/** The property source of the simulators, which Spring Framework names. */
	private static final String SIMULATORS = "Dynamic Test Properties";

	/** What has no effect beside the Workload API, without {@code spire}. */
	private static final List<String> IGNORED = List.of("psat.cluster", "psat.token-path", "psat.audience",
			"psat.clock-skew", "psat.fail-fast", "psat.refresh.watch", "psat.refresh.poll-interval", "server.enabled",
			"server.address", "server.trust-domain", "server.trust-bundle", "server.attest-timeout",
			"server.allow-node-identity", "svid.key-type", "svid.refresh-interval");

	private WorkloadApiRules() {
	}

	/** A blank socket is none: so a placeholder is with an empty default. */
	static boolean isChosen(SpireProperties properties) {
		return properties.getWorkloadApi().isEnabled() && StringUtils.hasText(properties.getWorkloadApi().getSocket());
	}

	/** Fails if it is invalid, or the same source sets the address of a SPIRE Server. */
	static WorkloadEndpoint socket(SpireProperties properties, Environment environment) {
		String socket = String.valueOf(properties.getWorkloadApi().getSocket());
		WorkloadEndpoint endpoint = parse(socket);
		if (StringUtils.hasText(properties.getServer().getAddress())) {
			PropertySource<?> source = sourceOf(SOCKET, environment);
			if (source != null && source == sourceOf("server.address", environment)) {
				if (source.getName().equals(SIMULATORS)) {
					throw PsatStartupException.ofProperty(SOCKET, socket,
							"'spire.server.address' is set, too, as it is where SimulatedSpireServerConfiguration and SimulatedWorkloadApiConfiguration are both imported, but the identity comes either from the Workload API or from a SPIRE Server.",
							"Import one of the two: SimulatedWorkloadApiConfiguration for an application that runs where there is an agent, SimulatedSpireServerConfiguration for any other. To test both ways, use a test class for each. If the test sets them itself, let it set one of the two.");
				}
				throw PsatStartupException.ofProperty(SOCKET, socket,
						"The same property source also sets 'spire.server.address', but the identity comes either from the Workload API or from a SPIRE Server.",
						"Remove one of the two. If the application runs both where there is an agent and where there is none, set one of them elsewhere: for example 'spire.server.address' in application.yaml, and 'spire.workload-api.socket', which wins, in a profile or by the environment variable SPIRE_WORKLOADAPI_SOCKET.");
			}
		}
		return endpoint;
	}

	private static WorkloadEndpoint parse(String socket) {
		String action = "Set it to the socket of the Workload API, such as '%s', or to 'tcp://127.0.0.1:8000' for one that is served on the loopback interface, or remove it."
			.formatted(EXAMPLE);
		if (socket.contains("${")) {
			throw PsatStartupException.ofProperty(SOCKET, socket, "The placeholder has no value here.",
					"Set what it names, such as the environment variable SPIFFE_ENDPOINT_SOCKET. To do without the Workload API where that is not set, give the placeholder an empty default: '${%s:}'."
						.formatted(WorkloadEndpoint.ENVIRONMENT_VARIABLE));
		}
		try {
			return WorkloadEndpoint.parse(socket);
		}
		catch (IllegalArgumentException ex) {
			throw PsatStartupException.ofProperty(SOCKET, socket, ex.getMessage() + ".", action);
		}
	}

	static Optional<String> ignored(Environment environment, boolean bean) {
		return names(Stream.concat(set(IGNORED, environment),
				bean ? Stream.of("the SpireServerConnectionDetails bean") : Stream.empty()));
	}

	static Optional<String> ignoredBesideBean(Environment environment) {
		return names(set(List.of("server.address", "server.trust-domain", "server.trust-bundle"), environment));
	}

	private static Stream<String> set(List<String> names, Environment environment) {
		return names.stream().filter((name) -> sourceOf(name, environment) != null).map("spire."::concat);
	}

	private static Optional<String> names(Stream<String> names) {
		return names.reduce((left, right) -> left + ", " + right);
	}

	/**
	 * What to say if the properties of a SPIRE Server are missing. That the environment
	 * has a socket is no reason to use it.
	 */
	static String wayIn(SpireProperties properties, Environment environment) {
		if (StringUtils.hasText(properties.getWorkloadApi().getSocket())) {
			return "Or, to use the Workload API of 'spire.workload-api.socket', set 'spire.workload-api.enabled' to 'true'.";
		}
		String variable = WorkloadEndpoint.ENVIRONMENT_VARIABLE;
		boolean offered = StringUtils.hasText(environment.getProperty(variable));
		return """
				%s If the identity is meant to come from there, neither a SPIRE Server nor a cluster nor a token is needed, but only

				    spire.workload-api.socket: %s"""
			.formatted(offered
					? "The environment has %s: a Workload API is offered to this application.".formatted(variable)
					: "Or an agent may serve the Workload API to this application, on a socket in this container.",
					offered ? "${%s}".formatted(variable) : EXAMPLE);
	}

	/**
	 * A file of a profile is apart from other files, and the command line from the
	 * environment.
	 */
	private static @Nullable PropertySource<?> sourceOf(String name, Environment environment) {
		ConfigurationPropertyName property = ConfigurationPropertyName.of("spire." + name);
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (isSet(property, source) && source.getUnderlyingSource() instanceof PropertySource<?> underlying) {
				return within(underlying, property);
			}
		}
		return null;
	}

	private static PropertySource<?> within(PropertySource<?> source, ConfigurationPropertyName property) {
		if (source instanceof CompositePropertySource composite) {
			for (PropertySource<?> each : composite.getPropertySources()) {
				ConfigurationPropertySource adapted = ConfigurationPropertySource.from(each);
				if (adapted != null && isSet(property, adapted)) {
					return within(each, property);
				}
			}
		}
		return source;
	}

	private static boolean isSet(ConfigurationPropertyName property, ConfigurationPropertySource source) {
		return source.getConfigurationProperty(property) != null
				|| source.getConfigurationProperty(property.append("[0]")) != null;
	}

}
