package dev.psat.autoconfigure;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * A version of Spring Boot has moved a class that this library needs. Rules only stand in
 * for what connections need.
 */
class MovedClassFailureAnalyzer extends AbstractFailureAnalyzer<NoClassDefFoundError> {

	private static final String OURS = "dev.psat.";

	private static final String SPRING_BOOT = "org.springframework.boot.";

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoClassDefFoundError cause) {
		String missing = String.valueOf(cause.getMessage()).replace('/', '.');
		if (!missing.startsWith(SPRING_BOOT) || !(isUsed(cause) || isIntrospected(rootFailure, cause))) {
			return null;
		}
		return new FailureAnalysis(
				"This version of psat-spring-boot needs the class '%s', but Spring Boot %s is not known to this version of psat-spring-boot: it has no such class there."
					.formatted(missing, SpringBootVersion.getVersion()),
				"Use a version of psat-spring-boot that supports this Spring Boot, or a Spring Boot that this version supports. If only Spring Boot's module with that class is missing, add it.",
				cause);
	}

	/** Code of this library was the first to use the class. */
	private static boolean isUsed(NoClassDefFoundError error) {
		return Arrays.stream(error.getStackTrace())
			.map(StackTraceElement::getClassName)
			.filter((name) -> !name.startsWith("java.") && !name.startsWith("jdk."))
			.findFirst()
			.filter((name) -> name.startsWith(OURS))
			.isPresent();
	}

	/**
	 * A class of this library cannot be looked at without it, of which only the exception
	 * around the error tells.
	 */
	private static boolean isIntrospected(Throwable rootFailure, NoClassDefFoundError error) {
		Throwable around = rootFailure;
		while (around != null && around.getCause() != error) {
			around = around.getCause();
		}
		return around != null && String.valueOf(around.getMessage()).contains("[" + OURS);
	}

}
