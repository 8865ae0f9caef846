package dev.psat.products;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Leaves out Spring Boot's auto-configuration of the other products, all of which are on
 * one class path: {@code products.wanted} lists the modules of Spring Boot that an
 * application wants besides its core, such as {@code kafka}.
 */
class ProductFilter implements AutoConfigurationImportFilter, EnvironmentAware {

	private static final String BOOT = "org.springframework.boot.";

	private static final Set<String> ALWAYS = Set.of("autoconfigure", "ssl");

	private Set<String> wanted = Set.of();

	@Override
	@SuppressWarnings("unchecked")
	public void setEnvironment(Environment environment) {
		this.wanted = environment.getProperty("products.wanted", Set.class, Set.of());
	}

	@Override
	public boolean[] match(@Nullable String[] classes, AutoConfigurationMetadata metadata) {
		boolean[] matches = new boolean[classes.length];
		for (int i = 0; i < classes.length; i++) {
			matches[i] = classes[i] != null && isWanted(classes[i]);
		}
		return matches;
	}

	private boolean isWanted(String type) {
		if (!type.startsWith(BOOT)) {
			return true;
		}
		String module = type.substring(BOOT.length());
		return ALWAYS.stream().anyMatch((name) -> module.startsWith(name + "."))
				|| this.wanted.stream().anyMatch((name) -> module.startsWith(name + "."));
	}

}
