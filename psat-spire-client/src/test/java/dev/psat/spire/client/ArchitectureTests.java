package dev.psat.spire.client;

import java.util.stream.Collectors;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.base.DescribedPredicate.anyElementThat;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of a module that wants nothing but the JDK and one jar.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter().importPath("target/classes");

	private static final DescribedPredicate<JavaClass> MESSAGES = resideInAPackage("com.google.protobuf..")
		.or(resideInAPackage("..proto.."));

	@Test
	void nothingIsUsedButTheJdkAndProtobuf() {
		classes().that(are(resideInAPackage("dev.psat.spire.client")))
			.should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.spire.client", "dev.psat.spire.client.proto..",
					"java..", "javax.net.ssl", "javax.security.auth.x500", "com.google.protobuf..",
					"org.jspecify.annotations")))
			.check(CLASSES);
	}

	@Test
	void messagesAreNoPartOfWhatUsersSee() {
		noCodeUnits().that()
			.arePublic()
			.or()
			.areProtected()
			.and()
			.areDeclaredInClassesThat()
			.arePublic()
			.and()
			.areDeclaredInClassesThat(are(resideInAPackage("dev.psat.spire.client")))
			.should()
			.haveRawReturnType(MESSAGES)
			.orShould()
			.haveRawParameterTypes(anyElementThat(are(MESSAGES)))
			.check(CLASSES);
		noFields().that()
			.arePublic()
			.and()
			.areDeclaredInClassesThat(are(resideInAPackage("dev.psat.spire.client")))
			.should()
			.haveRawType(MESSAGES)
			.check(CLASSES);
	}

	@Test
	void publicTypesAreThoseThatUsersName() {
		assertThat(CLASSES.stream()
			.filter((type) -> type.getPackageName().equals("dev.psat.spire.client"))
			.filter((type) -> type.getModifiers().contains(JavaModifier.PUBLIC))
			.filter((type) -> !type.isNestedClass())
			.map(JavaClass::getSimpleName)
			.collect(Collectors.toSet())).containsExactlyInAnyOrder("AgentConnection", "AuthorizedEntry",
					"FailureReason", "JwtAuthority", "JwtSvid", "KeyType", "Selector", "ServerAddress", "SpiffeId",
					"SpireClient", "SpireClientBuilder", "SpireException", "TrustBundle", "TrustDomain",
					"X509Authority", "X509Svid");
	}

}
