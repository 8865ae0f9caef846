package dev.psat.autoconfigure;

import java.util.List;

import dev.psat.autoconfigure.internal.PsatStartupException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Fails startup if properties say where the identity comes from, or who may connect, and
 * the SPIRE half, which would read them, is not there. Exact names count, since a Service
 * such as {@code spire-server} brings variables with similar names into every pod.
 */
class SpireHalfCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	/** What to do where something is meant for the SPIRE half. */
	static final String ACTION = "Add dev.psat:psat-spring-boot-starter-spire, the starter that brings it. "
			+ "This application has the one for the token alone, dev.psat:psat-spring-boot-starter.";

	private static final List<String> NAMES = List.of("server.address", "workload-api.socket",
			"bundle.authorized-clients", "bundle.authorized-servers", "bundle.authorized-clients-file",
			"bundle.authorized-servers-file");

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		if (!isPresent(context.getClassLoader())) {
			check(context.getEnvironment());
		}
	}

	static boolean isPresent(@Nullable ClassLoader classLoader) {
		return ClassUtils.isPresent("dev.psat.spire.autoconfigure.SpireAutoConfiguration", classLoader);
	}

	static void check(Environment environment) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			for (String name : NAMES) {
				check(name, source, environment);
				check(name + "[0]", source, environment);
			}
		}
	}

	private static void check(String name, ConfigurationPropertySource source, Environment environment) {
		ConfigurationProperty property = source.getConfigurationProperty(ConfigurationPropertyName.of("spire." + name));
		if (property != null
				&& StringUtils.hasText(environment.resolvePlaceholders(String.valueOf(property.getValue())))) {
			throw PsatStartupException.ofProperty(name, property.getValue(),
					"Nothing reads it, since the SPIRE half of psat-spring-boot is not part of this application.",
					ACTION + " Or remove the property.");
		}
	}

}
