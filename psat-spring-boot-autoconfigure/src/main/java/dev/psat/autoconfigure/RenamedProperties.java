package dev.psat.autoconfigure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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

	private static final ConfigurationPropertyName PARENT = ConfigurationPropertyName.of("spire.psat");

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
		Set<String> renamed = new LinkedHashSet<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			collect(source, renamed);
		}
		if (!renamed.isEmpty()) {
			String table = renamed.stream()
				.map((name) -> "    spire.psat.%1$s is now spire.%1$s".formatted(name))
				.collect(Collectors.joining("\n"));
			throw new PsatStartupException("Nothing reads these properties, since they have been renamed:\n" + table,
					"Rename them wherever they are set, variables such as SPIRE_PSAT_SERVER_ADDRESS included, which is "
							+ "SPIRE_SERVER_ADDRESS. What 'spire.psat' keeps is only about the token.");
		}
	}

	private static void collect(ConfigurationPropertySource source, Set<String> renamed) {
		if (source.containsDescendantOf(PARENT) == ConfigurationPropertyState.ABSENT) {
			return;
		}
		for (String name : NAMES) {
			ConfigurationPropertyName old = PARENT.append(name);
			if (source.getConfigurationProperty(old) != null
					|| source.containsDescendantOf(old) == ConfigurationPropertyState.PRESENT) {
				renamed.add(name);
			}
		}
	}

}
