package dev.psat.spire.client;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.spire.wire.internal.Initialization;
import dev.psat.spire.workload.client.WorkloadClientBuilder;
import dev.psat.support.ArchitectureContract;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of a module that wants nothing but the JDK.
 */
class ArchitectureTests extends ArchitectureContract {

	private static final Set<String> HIDDEN = Set.of("dev.psat.spiffe.SignatureAlgorithms",
			"dev.psat.spiffe.SvidVerifier");

	@Test
	void nothingIsUsedButTheJdk() {
		check(classes().should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.spiffe..", "dev.psat.spire.client",
					"dev.psat.spire.wire.internal", "dev.psat.spire.workload.client", "java..", "javax.net.ssl",
					"javax.security.auth.x500", "org.jspecify.annotations"))));
	}

	@Test
	void clientsDoNotKnowEachOther() {
		check(noClasses().that(are(resideInAPackage("dev.psat.spire.workload.client")))
			.should()
			.dependOnClassesThat(are(resideInAPackage("dev.psat.spire.client"))));
		check(noClasses().that(are(resideInAPackage("dev.psat.spire.client")))
			.should()
			.dependOnClassesThat(are(resideInAPackage("dev.psat.spire.workload.client"))));
	}

	@Test
	void valuesKnowNoWire() {
		check(classes().that(are(resideInAnyPackage("dev.psat.spiffe..")))
			.should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.spiffe..", "java.lang..", "java.math..",
					"java.nio..", "java.security..", "java.time..", "java.util..", "java.io..",
					"javax.security.auth.x500", "org.jspecify.annotations"))));
	}

	/**
	 * A stack or a heap that ends within a static initializer breaks the class for the
	 * life of the JVM. Not in the list are classes that javac makes for a switch, and
	 * those that only {@code dev.psat.spiffe} can see, which are named.
	 */
	@Test
	void classesAreInitializedWhenAClientIsBuilt() {
		Set<String> initialized = Stream.of(SpireClientBuilder.class, WorkloadClientBuilder.class, Initialization.class)
			.flatMap((type) -> CLASSES.get(type).getReferencedClassObjects().stream())
			.map((literal) -> literal.getRawType().getName())
			.collect(Collectors.toSet());
		assertThat(names((type) -> type.getStaticInitializer().isPresent() && !type.isAnonymousClass()))
			.filteredOn((name) -> !HIDDEN.contains(name))
			.isNotEmpty()
			.isSubsetOf(initialized);
	}

	@Override
	protected Stream<String> publicTypes() {
		return Stream.of("spiffe.JwtAuthority", "spiffe.JwtSvid", "spiffe.SpiffeId", "spiffe.TrustBundle",
				"spiffe.TrustDomain", "spiffe.VerifiedPath", "spiffe.X509Authority", "spiffe.X509Svid",
				"spire.client.AgentConnection", "spire.client.AuthorizedEntry", "spire.client.FailureReason",
				"spire.client.KeyType", "spire.client.Selector", "spire.client.ServerAddress",
				"spire.client.SpireClient", "spire.client.SpireClientBuilder", "spire.client.SpireException",

				"spire.workload.client.WorkloadClient", "spire.workload.client.WorkloadClientBuilder",
				"spire.workload.client.WorkloadEndpoint", "spire.workload.client.WorkloadException",
				"spire.workload.client.WorkloadFailureReason", "spire.workload.client.WorkloadJwtSvid",
				"spire.workload.client.WorkloadX509Svid", "spire.workload.client.WorkloadX509Update");
	}

	@Override
	protected Stream<String> publicRecords() {
		return Stream.of("spire.client.Selector", "spire.client.ServerAddress");
	}

}
