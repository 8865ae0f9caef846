package dev.psat;

import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import dev.psat.support.SpringArchitectureContract;
import dev.psat.support.TimeRule;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules that hold the house together.
 */
class ArchitectureTests extends SpringArchitectureContract {

	@Test
	void importerFindsOurClasses() {
		assertThat(CLASSES).hasSizeGreaterThan(30);
		assertThat(CLASSES.contain("dev.psat.autoconfigure.metrics.SourceMeters")).isTrue();
		assertThat(CLASSES.contain("dev.psat.ArchitectureTests")).isFalse();
	}

	@Test
	void arrowsPointDown() {
		check(noClasses().that()
			.resideInAnyPackage("dev.psat.health", "dev.psat.actuate..", "dev.psat.status..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.psat.autoconfigure.."));
		check(noClasses().that()
			.resideInAPackage("dev.psat.health")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.psat.actuate.."));
		check(noClasses().that()
			.resideInAPackage("dev.psat.status..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.psat.actuate..", "dev.psat.health"));
		check(noClasses().that()
			.resideInAPackage("dev.psat.autoconfigure")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.psat.autoconfigure.health", "dev.psat.autoconfigure.metrics"));
	}

	@Test
	void onlyActuateHealthAndTheirWiringSeeActuator() {
		DescribedPredicate<JavaClass> allowed = resideInAnyPackage("dev.psat.actuate..", "dev.psat.health..",
				"dev.psat.autoconfigure.health..")
			.or(DescribedPredicate.describe("the wiring of an endpoint",
					(type) -> type.getSimpleName().endsWith("EndpointAutoConfiguration")));
		check(noClasses().that(DescribedPredicate.not(allowed))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.boot.actuate..", "org.springframework.boot.health.."));
	}

	@Test
	void nobodyKnowsTheSpireHalf() {
		check(noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.psat.spire..", "dev.psat.spiffe..", "io.grpc..", "com.google.protobuf.."));
	}

	@Test
	void importerFindsOurBeans() {
		assertThat(beanTypes()).extracting(JavaClass::getName)
			.contains("dev.psat.token.FileTokenSource", "dev.psat.TokenSourceAttestor",
					"dev.psat.autoconfigure.PsatLifecycle");
	}

	@Test
	void nobodyStartsThreads() {
		check(noClasses().should()
			.dependOnClassesThat(DescribedPredicate.describe("a thread or an executor",
					(type) -> type.isEquivalentTo(Thread.class) || type.isAssignableTo(Executor.class))));
	}

	@Test
	void timeIsKnownInOnePlace() {
		check(TimeRule.except());
	}

	@Override
	protected Stream<String> publicTypes() {
		Set<String> contract = Set.of("health.PsatHealthIndicator", "actuate.endpoint.PsatEndpoint",
				"autoconfigure.TokenSourceBuilderCustomizer");
		// returned by operations of the endpoint, as Spring Boot's descriptors are
		Set<String> descriptors = Set.of("actuate.endpoint.PsatDescriptor", "actuate.endpoint.PsatSourceDescriptor");
		// named by exclusions, and by auto-configurations that come before or after
		Set<String> configurations = Set.of("autoconfigure.PsatAutoConfiguration",
				"autoconfigure.PsatEndpointAutoConfiguration",
				"autoconfigure.health.PsatHealthContributorAutoConfiguration",
				"autoconfigure.metrics.PsatMetricsAutoConfiguration", "autoconfigure.PsatProperties");
		return Stream.of(contract, descriptors, configurations).flatMap(Set::stream);
	}

	@Override
	protected Stream<String> publicRecords() {
		return Stream.empty();
	}

}
