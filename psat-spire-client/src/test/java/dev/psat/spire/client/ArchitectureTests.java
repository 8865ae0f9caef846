package dev.psat.spire.client;

import java.util.stream.Stream;

import dev.psat.support.ArchitectureContract;
import dev.psat.support.TimeRule;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * The rules of a module that wants nothing but the JDK.
 */
class ArchitectureTests extends ArchitectureContract {

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
	 * But for what the JDK measures itself: an HTTP client, sockets and a pool. The
	 * system's time comes in by the builders.
	 */
	@Test
	void timeIsKnownInOnePlace() {
		check(TimeRule.except("dev.psat.spire.wire.internal.SystemTime",
				"dev.psat.spire.client.Connection.connectTimeout", "dev.psat.spire.client.Connection.timeout",
				"dev.psat.spire.client.HandshakeProbe.connect", "dev.psat.spire.client.HandshakeProbe.setSoTimeout",
				"dev.psat.spire.client.Network$TransportThreads.<init>",
				"dev.psat.spire.client.SpireClient$Builder.ofSystem",
				"dev.psat.spire.workload.client.WorkloadClient$Builder.ofSystem"));
	}

	@Override
	protected Stream<String> publicTypes() {
		return Stream.of("spiffe.JwtAuthority", "spiffe.JwtSvid", "spiffe.SpiffeId", "spiffe.TrustBundle",
				"spiffe.TrustDomain", "spiffe.VerifiedPath", "spiffe.X509Authority", "spiffe.X509Svid",
				"spire.client.AgentConnection", "spire.client.AuthorizedEntry", "spire.client.FailureReason",
				"spire.client.KeyType", "spire.client.Selector", "spire.client.ServerAddress",
				"spire.client.SpireClient", "spire.client.SpireException",

				"spire.workload.client.WorkloadClient", "spire.workload.client.WorkloadEndpoint",
				"spire.workload.client.WorkloadException", "spire.workload.client.WorkloadFailureReason",
				"spire.workload.client.WorkloadJwtSvid", "spire.workload.client.WorkloadX509Svid",
				"spire.workload.client.WorkloadX509Update");
	}

	@Override
	protected Stream<String> publicRecords() {
		return Stream.of("spire.client.Selector", "spire.client.ServerAddress");
	}

}
