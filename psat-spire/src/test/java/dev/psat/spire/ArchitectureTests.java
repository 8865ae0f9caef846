package dev.psat.spire;

import java.util.concurrent.Executor;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import dev.psat.concurrent.internal.Threads;
import dev.psat.support.ArchitectureContract;
import dev.psat.support.TimeRule;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of the identity's module, which knows no Spring.
 */
class ArchitectureTests extends ArchitectureContract {

	@Test
	void importerFindsOurClasses() {
		assertThat(CLASSES).hasSizeGreaterThan(150);
		assertThat(CLASSES.contain("dev.psat.spire.server.SpireServerIdentity")).isTrue();
		assertThat(CLASSES.contain("dev.psat.spire.ArchitectureTests")).isFalse();
	}

	@Test
	void doorKnowsNoEngine() {
		check(classes().that()
			.resideInAPackage("dev.psat.spire")
			.should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.spire", "dev.psat.spiffe", "dev.psat.spire.tls..",
					"java..", "javax.net.ssl", "org.jspecify.annotations"))));
	}

	@Test
	void enginesUseNothingButTheClientTheAttestorLoggingAndNullAnnotations() {
		check(classes().that()
			.resideInAnyPackage("dev.psat.spire.server", "dev.psat.spire.workload", "dev.psat.spire.internal")
			.should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.spire.server", "dev.psat.spire.workload",
					"dev.psat.spire.internal", "dev.psat.spire", "dev.psat.spire.client",
					"dev.psat.spire.workload.client", "dev.psat.spiffe", "dev.psat.spire.tls", "dev.psat",
					"dev.psat.token", "dev.psat.file.internal", "dev.psat.concurrent.internal", "java..",
					"org.jspecify.annotations", "org.slf4j"))));
		check(noClasses().that()
			.resideInAPackage("dev.psat.spire.internal")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.psat.spire.server", "dev.psat.spire.workload", "dev.psat.spire.workload.client"));
	}

	@Test
	void enginesKnowNothingOfEachOther() {
		check(noClasses().that()
			.resideInAPackage("dev.psat.spire.server")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.psat.spire.workload.."));
		check(noClasses().that()
			.resideInAPackage("dev.psat.spire.workload")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.psat.spire.server", "dev.psat.spire.client", "dev.psat", "dev.psat.token"));
	}

	@Test
	void tlsUsesNothingButTheValuesTheJdkLoggingAndNullAnnotations() {
		check(classes().that()
			.resideInAPackage("dev.psat.spire.tls..")
			.should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.spire.tls..", "dev.psat.spiffe",
					"dev.psat.concurrent.internal", "java..", "javax.net.ssl", "javax.security.auth.x500",
					"org.jspecify.annotations", "org.slf4j"))));
	}

	@Test
	void nobodyKnowsTheValuesInside() {
		check(noClasses().should().dependOnClassesThat().resideInAPackage("dev.psat.spiffe.internal"));
	}

	/**
	 * But for what may hang while connections are looked at, be it a log.
	 */
	@Test
	void onlyTheEnginesStartThreads() {
		check(noClasses().that()
			.resideInAnyPackage("dev.psat.spire", "dev.psat.spire.tls..")
			.and()
			.haveNameNotMatching(".*\\.Reauthorization(\\$.*)?")
			.and()
			.doNotHaveSimpleName("SocketEnd")
			.and()
			.doNotHaveSimpleName("PeerReport")
			.should()
			.dependOnClassesThat(DescribedPredicate.describe("an executor or a thread of ours",
					(type) -> type.isAssignableTo(Executor.class) || type.isEquivalentTo(Threads.class)))
			.orShould()
			.callConstructor(Thread.class, Runnable.class));
	}

	/**
	 * But for the limit of a socket, which is taken away, and where the system's time
	 * comes in.
	 */
	@Test
	void timeIsKnownInOnePlace() {
		check(TimeRule.except("dev.psat.spire.tls.internal.SocketEnd.setSoTimeout",
				"dev.psat.spire.server.SpireIdentityBuilder.ofSystem",
				"dev.psat.spire.tls.internal.ClassicTls.ofSystem", "dev.psat.spire.tls.internal.SvidTls.ofSystem",
				"dev.psat.spire.workload.WorkloadIdentityBuilder.ofSystem"));
	}

	@Override
	protected Stream<String> publicTypes() {
		return Stream.of("FederationState", "SpireIdentity", "SpireObserver", "SpireState", "SpireStateChangedEvent",
				"SpireStatus", "SpireTls", "SvidRotatedEvent", "SvidUnavailableException", "TrustBundleChangedEvent",
				"server.SpireIdentityBuilder", "server.SpireServerIdentity", "workload.WorkloadIdentity",
				"workload.WorkloadIdentityBuilder", "tls.ConnectionCounts", "tls.Direction", "tls.EndCause",
				"tls.HandshakeCounts", "tls.HandshakeOutcome", "tls.KeyedSvid", "tls.PeerPolicy", "tls.SeenAuthority",
				"tls.SeenPeer", "tls.SeenPeers", "tls.TlsIdentity", "tls.TlsSnapshot")
			.map("spire."::concat);
	}

	@Override
	protected Stream<String> publicRecords() {
		return Stream.empty();
	}

}
