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
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of a module that wants nothing but the JDK.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter().importPath("target/classes");

	private static final DescribedPredicate<JavaClass> HIDDEN = DescribedPredicate
		.describe("hidden from users", (type) -> type.getPackageName().startsWith("dev.psat")
				&& (type.getPackageName().endsWith(".internal") || !type.getModifiers().contains(JavaModifier.PUBLIC)));

	private static final DescribedPredicate<JavaClass> SEEN = DescribedPredicate.describe("seen by users",
			(type) -> !HIDDEN.test(type));

	@Test
	void packagesAreFreeOfCycles() {
		slices().matching("dev.psat.(**)").should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void noPackageHasMoreThanFiftyClasses() {
		assertThat(CLASSES.stream()
			.filter((type) -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
			.collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()))).isNotEmpty()
			.allSatisfy((name, count) -> assertThat(count).as(name).isLessThanOrEqualTo(50));
	}

	@Test
	void nothingIsUsedButTheJdk() {
		classes().should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.spiffe..", "dev.psat.spire.client", "java..",
					"javax.net.ssl", "javax.security.auth.x500", "org.jspecify.annotations")))
			.check(CLASSES);
	}

	@Test
	void valuesKnowNoWire() {
		classes().that(are(resideInAnyPackage("dev.psat.spiffe..")))
			.should()
			.onlyDependOnClassesThat(are(resideInAnyPackage("dev.psat.spiffe..", "java.lang..", "java.math..",
					"java.nio..", "java.security..", "java.time..", "java.util..", "java.io..",
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
			.areDeclaredInClassesThat(are(SEEN))
			.should()
			.haveRawReturnType(HIDDEN)
			.orShould()
			.haveRawParameterTypes(anyElementThat(are(HIDDEN)))
			.check(CLASSES);
		noFields().that()
			.arePublic()
			.and()
			.areDeclaredInClassesThat(are(SEEN))
			.should()
			.haveRawType(HIDDEN)
			.check(CLASSES);
	}

	@Test
	void publicTypesAreThoseThatUsersName() {
		assertThat(CLASSES.stream()
			.filter((type) -> !type.getPackageName().endsWith(".internal"))
			.filter((type) -> type.getModifiers().contains(JavaModifier.PUBLIC))
			.filter((type) -> !type.isNestedClass() && !type.getSimpleName().equals("package-info"))
			.map((type) -> type.getName().substring("dev.psat.".length()))
			.collect(Collectors.toSet())).containsExactlyInAnyOrder("spiffe.JwtAuthority", "spiffe.JwtSvid",
					"spiffe.SpiffeId", "spiffe.TrustBundle", "spiffe.TrustDomain", "spiffe.X509Authority",
					"spiffe.X509Svid", "spire.client.AgentConnection", "spire.client.AuthorizedEntry",
					"spire.client.FailureReason", "spire.client.KeyType", "spire.client.Selector",
					"spire.client.ServerAddress", "spire.client.SpireClient", "spire.client.SpireClientBuilder",
					"spire.client.SpireException");
	}

}
