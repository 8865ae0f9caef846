package dev.psat.spire.internal;

import java.util.List;

import org.assertj.core.util.Preconditions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link VisitReport.UnfitClass}.
 */
class UnfitClassTests {

	@Test
	void namesAMissingClass() {
		NoClassDefFoundError error = new NoClassDefFoundError("com/example/Message$Builder");
		error.initCause(new ClassNotFoundException("com.example.Message$Builder"));
		assertThat(VisitReport.UnfitClass.of(error)).hasToString(
				"The class com.example.Message$Builder is missing or does not fit (java.lang.NoClassDefFoundError)");
	}

	@Test
	void namesTheJarOfAClassWithoutAMethod() {
		assertThat(VisitReport.UnfitClass
			.of(new NoSuchMethodError("'java.lang.String org.assertj.core.api.Assertions.gone(int)'"))
			.toString())
			.matches("The class org\\.assertj\\.core\\.api\\.Assertions does not fit assertj-core-[0-9.]+\\.jar "
					+ "\\(java\\.lang\\.NoSuchMethodError\\)");
	}

	@Test
	void blamesWhateverAnInitializerHasCalled() {
		assertThat(VisitReport.UnfitClass.of(initialize()).toString()).matches(
				"The class dev\\.psat\\.spire\\.internal\\.UnfitClassTests\\$Generated does not fit assertj-core-[0-9.]+\\.jar "
						+ "\\(java\\.lang\\.IllegalArgumentException\\)");
		// the JVM does not run the initializer again, and keeps less of why it failed
		assertThat(VisitReport.UnfitClass.of(initialize()).toString()).matches(
				"The class dev\\.psat\\.spire\\.internal\\.UnfitClassTests\\$Generated does not fit assertj-core-[0-9.]+\\.jar "
						+ "\\(java\\.lang\\.ExceptionInInitializerError\\)");
	}

	@Test
	void saysNoMoreThanTheErrorTells() {
		assertThat(VisitReport.UnfitClass.of(new VerifyError()))
			.hasToString("The class that is needed is missing or does not fit (java.lang.VerifyError)");
	}

	private static LinkageError initialize() {
		return catchThrowableOfType(LinkageError.class, () -> List.of(Generated.VALUE));
	}

	private static final class Generated {

		static final Object VALUE = refuse();

		private static Object refuse() {
			Preconditions.checkArgument(false, "another runtime");
			return "";
		}

	}

}
