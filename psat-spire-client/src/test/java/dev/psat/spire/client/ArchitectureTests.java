package dev.psat.spire.client;

import java.util.stream.Collectors;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.base.DescribedPredicate.anyElementThat;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of a module that wants nothing but the JDK.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter().importPath("target/classes");

	private static final DescribedPredicate<JavaClass> HIDDEN = DescribedPredicate.describe("hidden from users",
			(type) -> type.getPackageName().startsWith("dev.psat")
					&& !type.getModifiers().contains(JavaModifier.PUBLIC));

	@Test
	void nothingIsUsedButTheJdk() {
		classes().should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.spire.client", "java..", "javax.net.ssl",
					"javax.security.auth.x500", "org.jspecify.annotations")))
			.check(CLASSES);
	}

	@Test
	void whatUsersSeeNamesNothingThatIsHidden() {
		noCodeUnits().that()
			.arePublic()
			.or()
			.areProtected()
			.and()
			.areDeclaredInClassesThat()
			.arePublic()
			.should()
			.haveRawReturnType(HIDDEN)
			.orShould()
			.haveRawParameterTypes(anyElementThat(are(HIDDEN)))
			.check(CLASSES);
		noFields().that()
			.arePublic()
			.and()
			.areDeclaredInClassesThat()
			.arePublic()
			.should()
			.haveRawType(HIDDEN)
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
