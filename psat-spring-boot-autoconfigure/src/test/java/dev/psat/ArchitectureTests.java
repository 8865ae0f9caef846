package dev.psat;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules that hold the house together.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter().importPath("target/classes");

	private static final Path IMPORTS = Path
		.of("target/classes/META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports");

	@Test
	void importerFindsOurClasses() {
		assertThat(CLASSES).hasSizeGreaterThan(50);
		assertThat(CLASSES.contain("dev.psat.autoconfigure.metrics.LookMeters")).isTrue();
		assertThat(CLASSES.contain("dev.psat.ArchitectureTests")).isFalse();
	}

	@Test
	void packagesAreFreeOfCycles() {
		check(slices().matching("dev.(**)").should().beFreeOfCycles());
	}

	@Test
	void noPackageHasMoreThanFiftyClasses() {
		assertThat(CLASSES.stream()
			.filter((type) -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
			.collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()))).isNotEmpty()
			.allSatisfy((name, count) -> assertThat(count).as(name).isLessThanOrEqualTo(50));
	}

	@Test
	void tokenUsesNothingButFilesThreadsJacksonLoggingAndNullAnnotations() {
		check(classes().that()
			.resideInAPackage("dev.psat.token")
			.should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.token", "dev.psat.file", "dev.psat.concurrent",
					"java..", "org.apache.commons.logging", "org.jspecify.annotations", "org.springframework.core.log",
					"tools.jackson.."))));
	}

	@Test
	void fileUsesNothingButThreadsLoggingAndNullAnnotations() {
		check(classes().that()
			.resideInAPackage("dev.psat.file")
			.should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.file", "dev.psat.concurrent", "java..",
					"org.apache.commons.logging", "org.jspecify.annotations", "org.springframework.core.log"))));
	}

	@Test
	void concurrentUsesNothingButLoggingAndNullAnnotations() {
		check(classes().that()
			.resideInAPackage("dev.psat.concurrent")
			.should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.concurrent", "java..",
					"org.apache.commons.logging", "org.jspecify.annotations", "org.springframework.core.log"))));
	}

	@Test
	void attestorUsesNothingButTokenAndJackson() {
		check(classes().that()
			.resideInAPackage("dev.psat")
			.should()
			.onlyDependOnClassesThat(
					are(resideInAnyPackage("dev.psat", "dev.psat.token", "java..", "org.apache.commons.logging",
							"org.jspecify.annotations", "org.springframework.core.log", "tools.jackson.."))));
	}

	@Test
	void arrowsPointDown() {
		check(noClasses().that()
			.resideInAnyPackage("dev.psat.health", "dev.psat.actuate..", "dev.psat.status", "dev.psat.spire..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.psat.autoconfigure.."));
		check(noClasses().that()
			.resideInAPackage("dev.psat.health")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.psat.actuate..", "dev.psat.spire.."));
		check(noClasses().that()
			.resideInAPackage("dev.psat.status")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.psat.actuate..", "dev.psat.health", "dev.psat.spire.."));
		check(noClasses().that()
			.resideInAPackage("dev.psat.spire..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.psat.actuate..", "dev.psat.health..")
			.allowEmptyShould(true));
	}

	@Test
	void onlyMetricsSeeMicrometer() {
		check(noClasses().that()
			.resideOutsideOfPackage("..metrics..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.micrometer.."));
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
	void onlySpireSeesGrpc() {
		check(noClasses().that()
			.resideOutsideOfPackage("dev.psat.spire..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.grpc..", "com.google.protobuf.."));
	}

	@Test
	void nobodyUsesSlf4jOrSpringNullAnnotations() {
		check(noClasses().should()
			.dependOnClassesThat(resideInAPackage("org.slf4j..").or(DescribedPredicate
				.describe("a null annotation of Spring or the JDK", (type) -> type.getSimpleName().equals("Nullable")
						&& !type.getPackageName().equals("org.jspecify.annotations")))));
	}

	@Test
	void autoConfigurationsAreFinalAndHaveNoPublicMembers() {
		check(classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.andShould()
			.haveSimpleNameEndingWith("AutoConfiguration"));
		check(noMethods().that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.orShould()
			.beProtected());
		for (JavaClass type : annotated(AutoConfiguration.class)) {
			assertThat(type.getFields()).allMatch((field) -> !field.getModifiers().contains(JavaModifier.PUBLIC));
		}
	}

	@Test
	void autoConfigurationsAreImportedAndSorted() throws IOException {
		List<String> imports = Files.readAllLines(IMPORTS, StandardCharsets.UTF_8);
		assertThat(imports).isSorted().doesNotHaveDuplicates();
		assertThat(imports).containsExactlyInAnyOrderElementsOf(
				annotated(AutoConfiguration.class).stream().map(JavaClass::getName).toList());
	}

	@Test
	void nothingDependsOnPropertiesAtBuildTime() {
		check(noClasses().should().beAnnotatedWith(ConditionalOnProperty.class));
		check(noClasses().should().beAnnotatedWith(ConditionalOnBooleanProperty.class));
		check(noMethods().should().beAnnotatedWith(ConditionalOnProperty.class));
		check(noMethods().should().beAnnotatedWith(ConditionalOnBooleanProperty.class));
	}

	@Test
	void noBeanMethodDependsOnClasses() {
		check(noMethods().should().beAnnotatedWith(ConditionalOnClass.class));
	}

	@Test
	void postProcessorsAreStatic() {
		check(methods().that()
			.areAnnotatedWith(Bean.class)
			.and()
			.haveRawReturnType(DescribedPredicate.describe("a post-processor",
					(type) -> type.isAssignableTo(BeanPostProcessor.class)
							|| type.isAssignableTo(BeanFactoryPostProcessor.class)))
			.should()
			.beStatic()
			.allowEmptyShould(true));
	}

	@Test
	void beansAreNotFunctions() {
		assertThat(beanTypes()).isNotEmpty()
			.allSatisfy((type) -> assertThat(type).satisfies(ArchitectureTests::isNoFunction))
			.contains(load("dev.psat.token.FileTokenSource"), load("dev.psat.TokenSourceAttestor"),
					load("dev.psat.autoconfigure.DisabledTokenSource"), load("dev.psat.autoconfigure.DisabledAttestor"),
					load("dev.psat.autoconfigure.PsatLifecycle"));
	}

	@Test
	void beansAreFinal() {
		assertThat(beanTypes()).filteredOn((type) -> !type.isInterface())
			.isNotEmpty()
			.allMatch((type) -> Modifier.isFinal(type.getModifiers()));
	}

	@Test
	void nobodyStartsThreadsButConcurrentTokenAndSpire() {
		check(noClasses().that()
			.resideOutsideOfPackages("dev.psat.concurrent", "dev.psat.file", "dev.psat.token", "dev.psat.spire..")
			.should()
			.dependOnClassesThat(DescribedPredicate.describe("a thread or an executor",
					(type) -> type.isEquivalentTo(Thread.class) || type.isAssignableTo(Executor.class))));
	}

	@Test
	void nobodyDefinesScheduler() {
		check(noMethods().that()
			.areAnnotatedWith(Bean.class)
			.should()
			.haveRawReturnType(DescribedPredicate.describe("a scheduler or an executor",
					(type) -> type.isAssignableTo("org.springframework.scheduling.TaskScheduler")
							|| type.isAssignableTo(Executor.class) || type.isAssignableTo(Clock.class))));
	}

	@Test
	void everyPackageIsNullMarked() {
		Set<String> packages = CLASSES.stream()
			.map(JavaClass::getPackageName)
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(packages).contains("dev.psat", "dev.psat.token").allSatisfy((name) -> {
			JavaPackage javaPackage = CLASSES.getPackage(name);
			assertThat(javaPackage.isAnnotatedWith(NullMarked.class)).as(name).isTrue();
		});
	}

	@Test
	void publicTypesAreThoseOfTheContract() {
		Set<String> contract = Set.of("PsatAttestor", "AttestationPayload", "TokenRotatedEvent",
				"TokenStateChangedEvent", "token.TokenSource", "token.TokenSourceBuilder", "token.ProjectedToken",
				"token.TokenClaims", "token.TokenStatus", "token.TokenListener", "token.LookObserver",
				"token.TokenState", "token.SourceState", "token.WatchMode", "token.LookOutcome",
				"token.TokenUnavailableException", "health.PsatHealthIndicator", "actuate.endpoint.PsatEndpoint",
				"actuate.endpoint.PsatEndpointContributor");
		// returned by operations of the endpoint, as Spring Boot's descriptors are
		Set<String> descriptors = Set.of("actuate.endpoint.PsatDescriptor", "actuate.endpoint.PsatSourceDescriptor");
		// named by exclusions, and by auto-configurations that come before or after
		Set<String> configurations = Set.of("autoconfigure.PsatAutoConfiguration",
				"autoconfigure.PsatEndpointAutoConfiguration",
				"autoconfigure.health.PsatHealthContributorAutoConfiguration",
				"autoconfigure.metrics.PsatMetricsAutoConfiguration", "autoconfigure.PsatProperties");
		// for our own code in other packages and modules alone
		Set<String> internal = Set.of("autoconfigure.InvalidPsatBeanException",
				"autoconfigure.InvalidPsatPropertyException", "autoconfigure.PathProperty",
				"autoconfigure.TokenSources", "autoconfigure.UnsupportedSpringBootException",
				"concurrent.RepeatedError", "concurrent.InterruptibleWait", "concurrent.OnDemandThread",
				"concurrent.Threads", "file.DirectoryWatch", "file.FileContent", "file.LinkPath", "file.MountTable",
				"file.WriteSettling", "status.SafeStatus");
		assertThat(CLASSES.stream()
			.filter((type) -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
			.map((type) -> type.getName().substring("dev.psat.".length()))
			.filter((name) -> !name.endsWith("package-info"))).containsExactlyInAnyOrderElementsOf(
					Stream.of(contract, descriptors, configurations, internal).flatMap(Set::stream).toList());
	}

	@Test
	void nothingStaticChanges() {
		ArchCondition<JavaClass> haveOnlyConstants = new ArchCondition<>("have only final static fields") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				type.getFields()
					.stream()
					.filter((field) -> field.getModifiers().contains(JavaModifier.STATIC)
							&& !field.getModifiers().contains(JavaModifier.FINAL))
					.forEach((field) -> events
						.add(SimpleConditionEvent.violated(field, field.getFullName() + " is static and not final")));
			}

		};
		check(classes().should(haveOnlyConstants));
	}

	private static void isNoFunction(Class<?> type) {
		assertThat(supertypes(type)).noneMatch(
				(supertype) -> supertype.getName().startsWith("java.util.function.") || supertype == Callable.class);
		assertThat(type.getMethods()).extracting(Method::getName)
			.doesNotContain("get", "apply", "accept", "call", "invoke");
		assertThat(type.getDeclaredMethods()).extracting(Method::getName)
			.doesNotContain("get", "apply", "accept", "call", "invoke");
	}

	private static Stream<Class<?>> supertypes(Class<?> type) {
		Stream<Class<?>> interfaces = Arrays.stream(type.getInterfaces()).flatMap(ArchitectureTests::supertypes);
		Class<?> superclass = type.getSuperclass();
		return Stream.concat(Stream.of(type),
				(superclass != null) ? Stream.concat(interfaces, supertypes(superclass)) : interfaces);
	}

	/**
	 * What our bean methods return, and each class of ours that can stand behind it.
	 */
	private static Set<Class<?>> beanTypes() {
		Set<JavaClass> returned = CLASSES.stream()
			.flatMap((type) -> type.getMethods().stream())
			.filter((method) -> method.isAnnotatedWith(Bean.class))
			.map(JavaMethod::getRawReturnType)
			.collect(Collectors.toSet());
		return CLASSES.stream()
			.filter((type) -> returned.stream().anyMatch((bean) -> type.isAssignableTo(bean.getName())))
			.map((type) -> load(type.getName()))
			.collect(Collectors.toSet());
	}

	private static Collection<JavaClass> annotated(Class<? extends Annotation> annotation) {
		return CLASSES.stream().filter((type) -> type.isAnnotatedWith(annotation)).toList();
	}

	private static Class<?> load(String name) {
		try {
			return Class.forName(name);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void check(ArchRule rule) {
		rule.check(CLASSES);
	}

}
