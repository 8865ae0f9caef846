package dev.psat.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * What to say where something is meant for the SPIRE half, which another starter brings.
 */
final class SpireHalf {

	static final String ACTION = "Add dev.psat:psat-spring-boot-starter-spire, the starter that brings it. "
			+ "This application has the one for the token alone, dev.psat:psat-spring-boot-starter.";

	private SpireHalf() {
	}

	static boolean isPresent(@Nullable ClassLoader classLoader) {
		return ClassUtils.isPresent("dev.psat.spire.autoconfigure.SpireAutoConfiguration", classLoader);
	}

}
