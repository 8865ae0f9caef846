package dev.psat.spire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import dev.psat.concurrent.internal.Threads;
import dev.psat.support.SpringArchitectureContract;
import dev.psat.support.TimeRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of the SPIRE half.
 */
class ArchitectureTests extends SpringArchitectureContract {

	private static final Path MANAGEMENT_IMPORTS = Path
		.of("target/classes/META-INF/spring/org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration.imports");

	@Test
	void importerFindsOurBeans() {
		assertThat(beanTypes()).extracting(JavaClass::getName)
			.contains("dev.psat.spire.internal.ServedIdentity",
					"dev.psat.spire.autoconfigure.IdentityDoor$DisabledIdentity",
					"dev.psat.spire.autoconfigure.Wiring");
	}

	@Test
	void bundlesKnowNoEngine() {
		check(classes().that()
			.resideInAPackage("dev.psat.spire.ssl")
			.should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.spire.ssl", "dev.psat.spire", "dev.psat.spiffe",
					"dev.psat.spire.tls..", "java..", "javax.net.ssl", "org.jspecify.annotations",
					"org.springframework.aop..", "org.springframework.beans.factory", "org.springframework.boot.ssl",
					"org.springframework.util"))));
	}

	@Test
	void whatIsInternalIsUsedByFew() {
		check(noClasses().that()
			.resideOutsideOfPackages("dev.psat.spire.server", "dev.psat.spire.workload", "dev.psat.spire.internal",
					"dev.psat.spire.autoconfigure.authorization.internal")
			.and()
			.doNotHaveSimpleName("SpireLifecycle")
			.and()
			.doNotHaveSimpleName("BundleMeters")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.psat.spire.internal"));
		check(noClasses().that()
			.resideOutsideOfPackages("dev.psat.spire.server", "dev.psat.spire.autoconfigure")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.psat.spire.server"));
		check(noClasses().that()
			.resideOutsideOfPackages("dev.psat.spire.workload", "dev.psat.spire.autoconfigure")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.psat.spire.workload"));
		check(noClasses().should().dependOnClassesThat().resideInAPackage("dev.psat.spiffe.internal"));
	}

	@Test
	void onlyWhatIsNamedAfterItSeesJetty() {
		check(noClasses().that(DescribedPredicate.not(namedAfter("Jetty")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.eclipse.jetty..", "org.springframework.boot.jetty.."));
	}

	@Test
	void onlyWhatIsNamedAfterItSeesTomcat() {
		check(noClasses().that(DescribedPredicate.not(namedAfter("Tomcat")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.apache.catalina..", "org.apache.coyote..", "org.apache.tomcat..",
					"org.springframework.boot.tomcat.."));
	}

	@Test
	void onlyWhatIsNamedAfterItSeesHttpComponents() {
		check(noClasses().that(DescribedPredicate.not(namedAfter("HttpComponents")))
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.apache.hc.."));
	}

	@Test
	void onlyWhatIsNamedAfterItSeesReactorNetty() {
		check(noClasses().that(DescribedPredicate.not(namedAfter("Reactor")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("reactor.netty..", "org.springframework.boot.reactor.netty.."));
		check(noClasses().that(DescribedPredicate.not(namedAfter("Netty")))
			.and(DescribedPredicate.not(namedAfter("Reactor")))
			.and(DescribedPredicate.not(namedAfter("Grpc")))
			.and(DescribedPredicate.not(namedAfter("RabbitStream")))
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.netty.."));
	}

	@Test
	void onlyWhatIsNamedAfterItSeesRabbitMq() {
		check(noClasses().that(DescribedPredicate.not(namedAfter("RabbitStream")))
			.should()
			.dependOnClassesThat()
			.resideInAPackage("com.rabbitmq.."));
		check(noClasses().that(DescribedPredicate.not(namedAfter("Rabbit")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.amqp..", "org.springframework.boot.amqp.."));
	}

	@Test
	void onlyWhatIsNamedAfterItSeesLettuce() {
		check(noClasses().that(DescribedPredicate.not(namedAfter("Lettuce")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.lettuce..", "org.springframework.data.redis.."));
	}

	@Test
	void onlyWhatIsNamedAfterItSeesKafka() {
		check(noClasses().that(DescribedPredicate.not(namedAfter("Kafka")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.apache.kafka..", "org.springframework.kafka..",
					"org.springframework.boot.kafka.."));
	}

	@Test
	void nobodySeesADatabase() {
		check(noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.postgresql..", "com.zaxxer..", "org.springframework.jdbc..",
					"org.springframework.boot.jdbc.."));
	}

	/**
	 * A library's package knows the wiring, {@code netty.internal} and {@code ssl}.
	 */
	@ParameterizedTest
	@MethodSource("libraries")
	void libraryKnowsNoOther(String library) {
		check(noClasses().that()
			.resideInAPackage(library)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(libraries().filter((other) -> !other.equals(library)).toArray(String[]::new)));
	}

	@Test
	void wiringKnowsNoLibrary() {
		check(noClasses().that()
			.resideInAnyPackage("dev.psat.spire.autoconfigure..", "dev.psat.spire.netty.internal", "dev.psat.spire.ssl")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(libraries().toArray(String[]::new)));
		check(noClasses().that()
			.resideInAPackage("dev.psat.spire.autoconfigure")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.psat.spire.autoconfigure.ssl"));
	}

	/**
	 * Every package of this module, with what is below it, but those that all may know.
	 */
	static Stream<String> libraries() {
		return CLASSES.stream()
			.map(JavaClass::getPackageName)
			.filter((name) -> !name.matches("dev\\.psat\\.spire\\.(autoconfigure|netty|ssl)(\\..*)?"))
			.map((name) -> name.replaceFirst("\\.internal$", "") + "..")
			.distinct()
			.sorted();
	}

	@Test
	void managementConfigurationsAreImportedAndSorted() throws IOException {
		assertThat(Files.readAllLines(MANAGEMENT_IMPORTS)).isSorted()
			.containsExactlyInAnyOrderElementsOf(
					names((type) -> type.isAnnotatedWith(ManagementContextConfiguration.class)));
	}

	@Test
	void onlyTheClientSeesMessages() {
		check(noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.psat.spire.test.proto..", "com.google.protobuf.."));
	}

	@Test
	void onlyWhatIsNamedAfterItSeesGrpc() {
		check(noClasses().that(DescribedPredicate.not(namedAfter("Grpc")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.grpc..", "org.springframework.grpc..", "org.springframework.boot.grpc.."));
	}

	@Test
	void onlyHealthAndEndpointsSeeActuator() {
		check(noClasses().that()
			.resideOutsideOfPackages("dev.psat.spire.actuate.endpoint", "dev.psat.spire.health")
			.and(DescribedPredicate.not(namedAfter("Management")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.boot.actuate..", "org.springframework.boot.health.."));
	}

	@Test
	void onlySecuritySeesSpringSecurityAndItsJoseLibrary() {
		check(noClasses().that()
			.resideOutsideOfPackages("dev.psat.spire.security", "dev.psat.spire.oauth2")
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
	 * But for the wait at the start, which must not have a timeout of its own, and for
	 * what may hang while connections are looked at, be it a log. The threads of servers
	 * are Netty's and Jetty's.
	 */
	@Test
	void onlyTheEnginesStartThreads() {
		check(noClasses().that()
			.resideOutsideOfPackages("dev.psat.spire.server", "dev.psat.spire.workload", "dev.psat.spire.internal")
			.and()
			.doNotHaveSimpleName("StartupWait")
			.and()
			.doNotHaveSimpleName("Reauthorization")
			.and()
			.doNotHaveSimpleName("SocketEnd")
			.and()
			.doNotHaveSimpleName("PeerReport")
			.and()
			.doNotHaveSimpleName("ListFileLog")
			.and()
			.doNotHaveSimpleName("ListWatch")
			.should()
			.dependOnClassesThat(DescribedPredicate.describe("an executor or a thread of ours",
					(type) -> (type.isAssignableTo(Executor.class) && !type.getPackageName().startsWith("io.netty.")
							&& !type.getPackageName().startsWith("org.eclipse.jetty."))
							|| type.isEquivalentTo(Threads.class)))
			.orShould()
			.callConstructor(Thread.class, Runnable.class));
	}

	/**
	 * A class that has the name of a library in its own, or is part of one that has.
	 */
	private static DescribedPredicate<JavaClass> namedAfter(String library) {
		return DescribedPredicate.describe("named after " + library,
				(type) -> type.getName().substring(type.getPackageName().length()).contains(library));
	}

	/**
	 * But for what libraries measure or spread, and where the system's time comes in.
	 */
	@Test
	void timeIsKnownInOnePlace() {
		check(TimeRule.except("dev.psat.spire.oauth2.TokenRequests.connectTimeout",
				"dev.psat.spire.http.JettyConnections.schedule", "dev.psat.spire.http.ReactorChannelUse.current",
				"dev.psat.spire.http.ReactorChannelUse.schedule",
				"dev.psat.spire.netty.internal.NettyConnections.schedule",
				"dev.psat.spire.grpc.GrpcNettyCredentials.schedule",
				"dev.psat.spire.actuate.endpoint.SpireEndpoint.ofSystem",
				"dev.psat.spire.autoconfigure.PolicyTrustDomains.ofSystem",
				"dev.psat.spire.autoconfigure.SslBundleUpdates.ofSystem",
				"dev.psat.spire.autoconfigure.StartupWait.ofSystem",
				"dev.psat.spire.autoconfigure.authorization.internal.ListFileLog.ofSystem",
				"dev.psat.spire.autoconfigure.authorization.internal.PeerLists.ofSystem",
				"dev.psat.spire.http.ClientRenewal.ofSystem", "dev.psat.spire.metrics.BundleMeters.ofSystem",
				"dev.psat.spire.metrics.SpireMetricsAutoConfiguration.ofSystem",
				"dev.psat.spire.security.AcceptedTrustDomains$JwtAuthorityKeys.ofSystem"));
	}

	@Override
	protected Stream<String> publicTypes() {
		Stream<String> contract = Stream.of("ssl.IdentitySslBundle", "ssl.SpiffeSslBundle", "ssl.SvidSslBundle",
				"autoconfigure.AuthorizesPeers", "autoconfigure.SpireIdentityBuilderCustomizer",
				"autoconfigure.SpireServerConnectionDetails", "autoconfigure.WorkloadIdentityBuilderCustomizer",
				"health.SpireHealthIndicator", "tomcat.SpiffeTomcatConnectorCustomizer", "http.SpiffeHttpClients",
				"jdbc.SpiffeSocketFactory", "security.SpiffeJwtDecoder", "security.SpiffeReactiveJwtDecoder",
				"security.SpiffeX509AuthenticationFilter", "security.SpiffeX509AuthenticationWebFilter");
		// named by exclusions, and by auto-configurations that come before or after
		Stream<String> configurations = Stream.of("actuate.endpoint.SpireEndpointAutoConfiguration",
				"actuate.endpoint.SpirePeersEndpointAutoConfiguration", "autoconfigure.SpireAutoConfiguration",
				"autoconfigure.SpireProperties", "autoconfigure.ssl.WebServerBundleAutoConfiguration",
				"grpc.GrpcClientBundleAutoConfiguration", "grpc.GrpcServerBundleAutoConfiguration",
				"health.SpireHealthContributorAutoConfiguration", "http.HttpClientBundleAutoConfiguration",
				"jdbc.JdbcBundleAutoConfiguration", "jetty.JettyBundleAutoConfiguration",
				"kafka.KafkaBundleAutoConfiguration", "metrics.SpireMetricsAutoConfiguration",
				"metrics.SpireObservationAutoConfiguration", "oauth2.SpireOAuth2ClientAutoConfiguration",
				"rabbit.RabbitBundleAutoConfiguration", "rabbit.RabbitStreamBundleAutoConfiguration",
				"reactor.RSocketBundleAutoConfiguration", "reactor.ReactorNettyBundleAutoConfiguration",
				"redis.LettuceBundleAutoConfiguration", "tomcat.TomcatBundleAutoConfiguration");
		return Stream.of(contract, configurations).flatMap((names) -> names).map("spire."::concat);
	}

	@Override
	protected Stream<String> publicRecords() {
		return Stream.empty();
	}

}
