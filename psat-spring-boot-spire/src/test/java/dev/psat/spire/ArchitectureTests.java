package dev.psat.spire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.psat.concurrent.Threads;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameContaining;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of the SPIRE half.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter().importPath("target/classes");

	private static final Path IMPORTS = Path
		.of("target/classes/META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports");

	@Test
	void packagesAreFreeOfCycles() {
		check(slices().matching("dev.psat.(**)").should().beFreeOfCycles());
	}

	@Test
	void doorKnowsNoEngine() {
		check(classes().that()
			.resideInAPackage("dev.psat.spire")
			.should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.spire", "dev.psat.spiffe", "dev.psat.spire.tls..",
					"java..", "javax.net.ssl", "org.apache.commons.logging", "org.jspecify.annotations",
					"org.springframework.boot.ssl", "org.springframework.core.log", "org.springframework.util"))));
	}

	@Test
	void enginesUseNothingButTheClientTheAttestorAndALittleOfSpring() {
		check(classes().that()
			.resideInAnyPackage("dev.psat.spire.server", "dev.psat.spire.internal")
			.should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.spire.server", "dev.psat.spire.internal",
					"dev.psat.spire", "dev.psat.spire.client", "dev.psat.spiffe", "dev.psat.spire.tls", "dev.psat",
					"dev.psat.token", "dev.psat.concurrent", "java..", "org.apache.commons.logging",
					"org.jspecify.annotations", "org.springframework.core.log", "org.springframework.util"))));
		check(noClasses().that()
			.resideInAPackage("dev.psat.spire.internal")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.psat.spire.server"));
	}

	@Test
	void tlsUsesNothingButTheValuesAndTheJdk() {
		check(classes().that()
			.resideInAPackage("dev.psat.spire.tls..")
			.should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.spire.tls..", "dev.psat.spiffe", "java..",
					"javax.net.ssl", "org.apache.commons.logging", "org.jspecify.annotations",
					"org.springframework.core.log"))));
	}

	@Test
	void noPackageHasMoreThanFiftyClasses() {
		Map<String, Long> classes = CLASSES.stream()
			.filter((type) -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
			.collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
		assertThat(classes).isNotEmpty()
			.allSatisfy((name, count) -> assertThat(count).as(name).isLessThanOrEqualTo(50));
	}

	@Test
	void publicSignaturesNameNothingInternal() {
		assertThat(CLASSES).filteredOn(ArchitectureTests::isSeenByUsers)
			.isNotEmpty()
			.allSatisfy((type) -> assertThat(signature(type)).as(type.getName())
				.noneMatch((named) -> named.getPackageName().endsWith(".internal")));
	}

	private static boolean isSeenByUsers(JavaClass type) {
		return type.getModifiers().contains(JavaModifier.PUBLIC) && !type.getPackageName().endsWith(".internal")
				&& type.getEnclosingClass().map(ArchitectureTests::isSeenByUsers).orElse(true);
	}

	/**
	 * Return what a user has to name: supertypes, and all types of members that are not
	 * hidden, those of generics and exceptions included.
	 */
	private static Set<JavaClass> signature(JavaClass type) {
		Stream<JavaClass> supertypes = Stream.concat(type.getRawSuperclass().stream(),
				type.getRawInterfaces().stream());
		Stream<JavaMember> members = type.getMembers()
			.stream()
			.filter((member) -> member.getModifiers().contains(JavaModifier.PUBLIC)
					|| member.getModifiers().contains(JavaModifier.PROTECTED));
		return Stream.concat(supertypes, members.flatMap(ArchitectureTests::named)).collect(Collectors.toSet());
	}

	private static Stream<JavaClass> named(JavaMember member) {
		Stream<JavaClass> thrown = (member instanceof JavaCodeUnit unit) ? unit.getExceptionTypes().stream()
				: Stream.empty();
		return Stream.concat(member.getAllInvolvedRawTypes().stream(), thrown);
	}

	@Test
	void whatIsInternalIsUsedByFew() {
		check(noClasses().that()
			.resideOutsideOfPackages("dev.psat.spire.server", "dev.psat.spire.internal")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.psat.spire.internal"));
		check(noClasses().that()
			.resideOutsideOfPackages("dev.psat.spire.server", "dev.psat.spire.autoconfigure")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.psat.spire.server"));
		check(noClasses().should().dependOnClassesThat().resideInAPackage("dev.psat.spiffe.internal"));
	}

	@Test
	void onlyWhatIsNamedAfterItSeesJetty() {
		check(noClasses().that(DescribedPredicate.not(simpleNameContaining("Jetty")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.eclipse.jetty..", "org.springframework.boot.jetty.."));
	}

	@Test
	void onlyWhatIsNamedAfterItSeesTomcat() {
		check(noClasses().that(DescribedPredicate.not(simpleNameContaining("Tomcat")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.apache.catalina..", "org.apache.coyote..", "org.apache.tomcat..",
					"org.springframework.boot.tomcat.."));
	}

	@Test
	void onlyWhatIsNamedAfterItSeesHttpComponents() {
		check(noClasses().that(DescribedPredicate.not(simpleNameContaining("HttpComponents")))
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.apache.hc.."));
	}

	@Test
	void onlyWhatIsNamedAfterItSeesReactorNetty() {
		check(noClasses().that(DescribedPredicate.not(simpleNameContaining("Reactor")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("reactor.netty..", "org.springframework.boot.reactor.netty.."));
		check(noClasses().that(DescribedPredicate.not(simpleNameContaining("Reactor")))
			.and(DescribedPredicate.not(simpleNameContaining("Grpc")))
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.netty.."));
	}

	@Test
	void healthUsesNothingOfTheAutoConfiguration() {
		check(noClasses().that()
			.resideInAPackage("dev.psat.spire.health")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("..autoconfigure..", "dev.psat.actuate.."));
	}

	@Test
	void onlyTheClientSeesMessages() {
		check(noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.psat.spire.test.proto..", "com.google.protobuf.."));
	}

	@Test
	void onlyWhatIsNamedAfterItSeesGrpc() {
		check(noClasses().that(DescribedPredicate.not(simpleNameContaining("Grpc")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.grpc..", "org.springframework.grpc..", "org.springframework.boot.grpc.."));
	}

	@Test
	void onlyMetricsSeeMicrometer() {
		check(noClasses().that()
			.resideOutsideOfPackage("..metrics")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.micrometer.."));
	}

	@Test
	void onlyHealthAndTheWiringOfTheEndpointSeeActuator() {
		check(noClasses().that()
			.resideOutsideOfPackages("dev.psat.spire.health", "dev.psat.spire.autoconfigure.health")
			.and(DescribedPredicate.not(simpleNameEndingWith("EndpointAutoConfiguration")))
			.and(DescribedPredicate.not(simpleNameContaining("Management")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.boot.actuate..", "org.springframework.boot.health.."));
	}

	@Test
	void onlySecuritySeesSpringSecurityAndItsJoseLibrary() {
		check(noClasses().that()
			.resideOutsideOfPackage("dev.psat.spire.security")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.security..", "com.nimbusds.."));
	}

	@Test
	void securityUsesNothingOfTheAutoConfiguration() {
		check(noClasses().that()
			.resideInAPackage("dev.psat.spire.security")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("..autoconfigure..", "org.springframework.boot.."));
	}

	/**
	 * But for the wait at the start, which must not have a timeout of its own.
	 */
	@Test
	void onlyTheEnginesStartThreads() {
		check(noClasses().that()
			.resideOutsideOfPackages("dev.psat.spire.server", "dev.psat.spire.internal")
			.and()
			.doNotHaveSimpleName("StartupWait")
			.should()
			.dependOnClassesThat(DescribedPredicate.describe("an executor or a thread of ours",
					(type) -> type.isAssignableTo(Executor.class) || type.isEquivalentTo(Threads.class)))
			.orShould()
			.callConstructor(Thread.class, Runnable.class));
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
	}

	@Test
	void autoConfigurationsAreImportedAndSorted() throws IOException {
		List<String> imports = Files.readAllLines(IMPORTS);
		assertThat(imports).isSorted()
			.containsExactlyInAnyOrderElementsOf(names((type) -> type.isAnnotatedWith(AutoConfiguration.class)));
	}

	@Test
	void conditionsNeitherLookAtPropertiesNorStandOnBeanMethodsForClasses() {
		check(noClasses().should()
			.beAnnotatedWith(ConditionalOnProperty.class)
			.orShould()
			.beAnnotatedWith(ConditionalOnBooleanProperty.class));
		check(noMethods().should()
			.beAnnotatedWith(ConditionalOnProperty.class)
			.orShould()
			.beAnnotatedWith(ConditionalOnBooleanProperty.class)
			.orShould()
			.beAnnotatedWith(ConditionalOnClass.class));
	}

	@Test
	void beansAreFinalAndNoFunctions() {
		Set<JavaClass> returned = CLASSES.stream()
			.flatMap((type) -> type.getMethods().stream())
			.filter((method) -> method.isAnnotatedWith(Bean.class))
			.map(JavaMethod::getRawReturnType)
			.filter((type) -> type.getPackageName().startsWith("dev.psat."))
			.collect(Collectors.toSet());
		assertThat(CLASSES)
			.filteredOn((type) -> returned.stream().anyMatch((bean) -> type.isAssignableTo(bean.getName())))
			.hasSizeGreaterThan(returned.size())
			.allSatisfy((type) -> assertThat(type.isInterface() || type.getModifiers().contains(JavaModifier.FINAL))
				.as(type.getName())
				.isTrue())
			.allSatisfy((type) -> assertThat(type.getAllRawInterfaces())
				.noneMatch((supertype) -> supertype.getPackageName().equals("java.util.function")))
			.allSatisfy((type) -> assertThat(type.getAllMethods())
				.filteredOn((method) -> method.getModifiers().contains(JavaModifier.PUBLIC))
				.extracting(JavaMethod::getName)
				.doesNotContain("get", "apply", "accept", "call", "invoke"));
	}

	@Test
	void everyPackageIsNullMarked() {
		assertThat(CLASSES.stream().map(JavaClass::getPackage).distinct()).hasSizeGreaterThan(4)
			.allSatisfy((java) -> assertThat(java.isAnnotatedWith(NullMarked.class)).as(java.getName()).isTrue());
	}

	@Test
	void publicTypesAreThoseOfTheContract() {
		Stream<String> contract = Stream.of("SpiffeSslBundle", "SpireIdentity", "SpireObserver", "SpireState",
				"SpireStateChangedEvent", "SpireStatus", "SvidRotatedEvent", "SvidUnavailableException",
				"TrustBundleChangedEvent", "health.SpireHealthIndicator", "server.SpireIdentityBuilder",
				"server.SpireServerIdentity", "tomcat.SpiffeTomcatConnectorCustomizer", "http.SpiffeHttpClients",
				"security.SpiffeJwtDecoder", "security.SpiffeReactiveJwtDecoder",
				"security.SpiffeX509AuthenticationFilter", "security.SpiffeX509AuthenticationWebFilter");
		// named by exclusions, and by auto-configurations that come before or after
		Stream<String> configurations = Stream.of("autoconfigure.SpireAutoConfiguration",
				"autoconfigure.SpireEndpointAutoConfiguration", "autoconfigure.SpireProperties",
				"autoconfigure.health.SpireHealthContributorAutoConfiguration",
				"autoconfigure.metrics.SpireMetricsAutoConfiguration",
				"autoconfigure.metrics.SpireObservationAutoConfiguration",
				"autoconfigure.ssl.GrpcClientBundleAutoConfiguration",
				"autoconfigure.ssl.GrpcServerBundleAutoConfiguration",
				"autoconfigure.ssl.HttpClientBundleAutoConfiguration", "autoconfigure.ssl.JettyBundleAutoConfiguration",
				"autoconfigure.ssl.ManagementBundleAutoConfiguration",
				"autoconfigure.ssl.RSocketBundleAutoConfiguration",
				"autoconfigure.ssl.ReactorNettyBundleAutoConfiguration",
				"autoconfigure.ssl.SslInfoBundleAutoConfiguration", "autoconfigure.ssl.TomcatBundleAutoConfiguration",
				"autoconfigure.ssl.WebServerBundleAutoConfiguration");
		// what the packages of this module share
		Stream<String> shared = Stream.of("autoconfigure.BundleDemand", "autoconfigure.BundleServers", "tls.Direction",
				"tls.HandshakeCounts", "tls.HandshakeOutcome", "tls.KeyedSvid", "tls.PeerPolicies", "tls.PeerPolicy",
				"tls.TlsIdentity", "tls.TlsOptions", "tls.TlsSnapshot");
		assertThat(names((type) -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC)
				&& !type.getPackageName().endsWith(".internal") && !type.getSimpleName().equals("package-info")))
			.containsExactlyInAnyOrderElementsOf(Stream.of(contract, configurations, shared)
				.flatMap((names) -> names)
				.map((name) -> "dev.psat.spire." + name)
				.toList());
	}

	@Test
	void nothingStaticChanges() {
		check(fields().that().areStatic().should().beFinal());
	}

	private static List<String> names(Predicate<JavaClass> condition) {
		return CLASSES.stream().filter(condition).map(JavaClass::getName).toList();
	}

	private static void check(ArchRule rule) {
		rule.check(CLASSES);
	}

}
