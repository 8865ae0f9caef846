package dev.psat.support;

import java.util.Set;
import java.util.stream.Collectors;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules that hold for every module of the house.
 */
public abstract class ArchitectureContract extends ApiContract {

	@Test
	void packagesAreFreeOfCycles() {
		check(slices().matching("dev.(**)").should().beFreeOfCycles());
	}

	@Test
	void noPackageHasMoreThanFortyTypes() {
		assertThat(CLASSES.stream()
			.filter(ApiContract::isTopLevel)
			.collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()))).isNotEmpty()
			.allSatisfy((name, count) -> assertThat(count).as(name).isLessThanOrEqualTo(40));
	}

	@Test
	void everyPackageIsNullMarked() {
		Set<JavaPackage> packages = CLASSES.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
		assertThat(packages).hasSizeGreaterThan(2)
			.allSatisfy((each) -> assertThat(each.isAnnotatedWith(NullMarked.class)).as(each.getName()).isTrue());
	}

	@Test
	void nobodyUsesNullAnnotationsOfSpringOrTheJdk() {
		check(noClasses().should()
			.dependOnClassesThat(DescribedPredicate.describe("a null annotation of Spring or the JDK",
					(type) -> type.getSimpleName().equals("Nullable")
							&& !type.getPackageName().equals("org.jspecify.annotations"))));
	}

	@Test
	void nothingStaticChanges() {
		check(fields().that().areStatic().should().beFinal());
	}

	protected static void check(ArchRule rule) {
		rule.check(CLASSES);
	}

}
