package dev.psat;

import java.util.stream.Stream;

import dev.psat.support.ArchitectureContract;
import dev.psat.support.TimeRule;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of the token's module, which knows no Spring.
 */
class ArchitectureTests extends ArchitectureContract {

	@Test
	void importerFindsOurClasses() {
		assertThat(CLASSES).hasSizeGreaterThan(50);
		assertThat(CLASSES.contain("dev.psat.token.FileTokenSource")).isTrue();
		assertThat(CLASSES.contain("dev.psat.ArchitectureTests")).isFalse();
	}

	@Test
	void tokenUsesNothingButFilesThreadsJacksonLoggingAndNullAnnotations() {
		check(classes().that()
			.resideInAPackage("dev.psat.token")
			.should()
			.onlyDependOnClassesThat(
					are(resideInAnyPackage("dev.psat.token", "dev.psat.file.internal", "dev.psat.concurrent.internal",
							"java..", "org.jspecify.annotations", "org.slf4j", "tools.jackson.."))));
	}

	@Test
	void fileUsesNothingButThreadsLoggingAndNullAnnotations() {
		check(classes().that()
			.resideInAPackage("dev.psat.file.internal")
			.should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.file.internal", "dev.psat.concurrent.internal",
					"java..", "org.jspecify.annotations", "org.slf4j"))));
	}

	@Test
	void concurrentUsesNothingButLoggingAndNullAnnotations() {
		check(classes().that()
			.resideInAPackage("dev.psat.concurrent.internal")
			.should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.concurrent.internal", "java..",
					"org.jspecify.annotations", "org.slf4j"))));
	}

	@Test
	void attestorUsesNothingButTokenJacksonAndNullAnnotations() {
		check(classes().that()
			.resideInAPackage("dev.psat")
			.should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat", "dev.psat.token", "java..",
					"org.jspecify.annotations", "tools.jackson.."))));
	}

	/**
	 * But for what the JDK and the file system measure, and what a source of a user's
	 * tells.
	 */
	@Test
	void timeIsKnownInOnePlace() {
		check(TimeRule.except("dev.psat.concurrent.internal.Time", "dev.psat.concurrent.internal.SystemTime",
				"dev.psat.concurrent.internal.Threads.nanoTime", "dev.psat.concurrent.internal.Threads.join",
				"dev.psat.file.internal.LinkedFile.currentTimeMillis", "dev.psat.concurrent.internal.Threads.ofSystem",
				"dev.psat.file.internal.PatientWatchService.poll", "dev.psat.token.TokenSource.now",
				"dev.psat.token.TokenSourceBuilder.ofSystem"));
	}

	@Override
	protected Stream<String> publicTypes() {
		return Stream.of("PsatAttestor", "AttestationPayload", "TokenRotatedEvent", "TokenStateChangedEvent",
				"token.TokenSource", "token.TokenSourceBuilder", "token.ProjectedToken", "token.TokenClaims",
				"token.TokenStatus", "token.TokenListener", "token.LookObserver", "token.TokenState",
				"token.SourceState", "token.WatchMode", "token.LookOutcome", "token.TokenUnavailableException");
	}

	@Override
	protected Stream<String> publicRecords() {
		return Stream.of("token.TokenClaims$Reference");
	}

}
