package dev.psat.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MovedClassFailureAnalyzer}.
 */
class MovedClassFailureAnalyzerTests {

	private static final String BINDER = "org/springframework/boot/context/properties/bind/Binder";

	private static final String OURS = "Failed to introspect Class [dev.psat.spire.autoconfigure.SpireAutoConfiguration] from ClassLoader [app]";

	@Test
	void tellsWhatThisLibraryHasUsed() {
		assertThat(analyze("another bean", missing(BINDER, "java.lang.ClassLoader", "dev.psat.SomeClass", "org.x.Y")))
			.satisfies((analysis) -> {
				assertThat(analysis.getDescription()).contains(
						"needs the class 'org.springframework.boot.context.properties.bind.Binder'",
						"Spring Boot " + SpringBootVersion.getVersion() + " is not known to this version");
				assertThat(analysis.getAction()).contains("that supports this Spring Boot");
			});
	}

	@Test
	void tellsWhatAClassOfThisLibraryIsMadeOf() {
		assertThat(analyze(OURS, missing(BINDER, "java.lang.ClassLoader", "org.springframework.util.X"))).isNotNull();
	}

	@Test
	void saysNothingOfWhatOthersHaveUsed() {
		assertThat(analyze("another bean", missing(BINDER, "org.example.Theirs", "dev.psat.SomeClass"))).isNull();
	}

	@Test
	void saysNothingOfWhatClassesOfOthersAreMadeOf() {
		NoClassDefFoundError error = missing(BINDER, "java.lang.ClassLoader");
		assertThat(new MovedClassFailureAnalyzer()
			.analyze(new IllegalStateException(OURS, new IllegalStateException("[org.example.Theirs]", error))))
			.isNull();
		assertThat(new MovedClassFailureAnalyzer().analyze(error)).isNull();
	}

	@Test
	void saysNothingOfOtherClasses() {
		assertThat(analyze(OURS, missing("org/example/Theirs", "dev.psat.SomeClass"))).isNull();
		assertThat(analyze(OURS, missing(null, "dev.psat.SomeClass"))).isNull();
	}

	private static @Nullable FailureAnalysis analyze(String message, NoClassDefFoundError error) {
		return new MovedClassFailureAnalyzer()
			.analyze(new IllegalStateException("root", new IllegalStateException(message, error)));
	}

	private static NoClassDefFoundError missing(@Nullable String name, String... stack) {
		NoClassDefFoundError error = new NoClassDefFoundError(name);
		StackTraceElement[] trace = new StackTraceElement[stack.length];
		for (int i = 0; i < stack.length; i++) {
			trace[i] = new StackTraceElement(stack[i], "method", null, 1);
		}
		error.setStackTrace(trace);
		return error;
	}

}
