package dev.psat.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;

import dev.psat.autoconfigure.internal.PsatStartupException;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Fails startup if a property has a name that it had before 0.1.0, under which nothing
 * would read it, and a list of who may connect would not count. To be dropped with 0.2.
 */
class RenamedProperties implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	private static final String OLD_PREFIX = "spire.psat.";

	private static final String NEW_PREFIX = "spire.";

	/**
	 * Exact names, since a Service such as {@code spire-psat-server} brings variables
	 * with similar ones into every pod.
	 */
	static final List<String> NAMES = List.of("workload-api.socket", "workload-api.enabled", "server.enabled",
			"server.address", "server.trust-domain", "server.trust-bundle", "server.attest-timeout",
			"server.allow-node-identity", "svid.spiffe-id", "svid.hint", "svid.key-type", "svid.refresh-interval",
			"svid.wait", "svid.wait-for", "bundle.name", "bundle.authorized-clients", "bundle.authorized-servers",
			"bundle.authorized-clients-file", "bundle.authorized-servers-file", "bundle.authorize-any-client",
			"bundle.authorize-any-server", "bundle.options.ciphers", "bundle.options.enabled-protocols",
			"bundle.open-connections", "bundle.ssl-info", "federates-with", "identity-bundles");

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		check(context.getEnvironment());
	}

	static void check(Environment environment) {
		List<String> renamed = NAMES.stream().filter((name) -> isSet(name, environment)).toList();
		if (!renamed.isEmpty()) {
			String table = renamed.stream()
				.map((name) -> "    %s%s is now %s%s".formatted(OLD_PREFIX, name, NEW_PREFIX, name))
				.collect(Collectors.joining("\n"));
			throw new PsatStartupException("Nothing reads these properties, since they have been renamed:\n" + table,
					"Rename them wherever they are set, variables such as SPIRE_PSAT_SERVER_ADDRESS included, which is "
							+ "SPIRE_SERVER_ADDRESS. What 'spire.psat' keeps is only about the token.");
		}
	}

	private static boolean isSet(String name, Environment environment) {
		ConfigurationPropertyName old = ConfigurationPropertyName.of(OLD_PREFIX + name);
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source.getConfigurationProperty(old) != null
					|| source.containsDescendantOf(old) == ConfigurationPropertyState.PRESENT) {
				return true;
			}
		}
		return false;
	}

}
