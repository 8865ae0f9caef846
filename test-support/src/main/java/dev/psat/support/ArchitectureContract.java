package dev.psat.support;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules that hold for every module of the house.
 */
public abstract class ArchitectureContract {

	/** The classes of the module that is tested. */
	protected static final JavaClasses CLASSES = new ClassFileImporter().importPath("target/classes");

	/**
	 * Return the public types, but for those in internal packages.
	 * @return their names without {@code dev.psat.}
	 */
	protected abstract Stream<String> publicTypes();

	/**
	 * Return the public records, but for those in internal packages. A further component
	 * breaks the binaries of whoever creates a record or takes it apart. So a value is
	 * one if its components make it what it is, or if only our own code knows it; what
	 * reports, and one day more of it, is a final class with accessors.
	 * @return their names without {@code dev.psat.}
	 */
	protected abstract Stream<String> publicRecords();

	@Test
	void packagesAreFreeOfCycles() {
		check(slices().matching("dev.(**)").should().beFreeOfCycles());
	}

	@Test
	void noPackageHasMoreThanFiftyClasses() {
		assertThat(CLASSES.stream()
			.filter(ArchitectureContract::isTopLevel)
			.collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()))).isNotEmpty()
			.allSatisfy((name, count) -> assertThat(count).as(name).isLessThanOrEqualTo(50));
	}

	@Test
	void everyPackageIsNullMarked() {
		Set<JavaPackage> packages = CLASSES.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
		assertThat(packages).hasSizeGreaterThan(2)
			.allSatisfy((each) -> assertThat(each.isAnnotatedWith(NullMarked.class)).as(each.getName()).isTrue());
	}

	@Test
	void publicTypesAreThoseOfTheContract() {
		assertThat(names((type) -> isTopLevel(type) && isPublic(type) && !isInternal(type)))
			.containsExactlyInAnyOrderElementsOf(publicTypes().map("dev.psat."::concat).toList());
	}

	@Test
	void publicRecordsAreThoseThatCannotGrow() {
		assertThat(names((type) -> type.isRecord() && isSeenByUsers(type)))
			.containsExactlyInAnyOrderElementsOf(publicRecords().map("dev.psat."::concat).toList());
	}

	@Test
	void publicSignaturesNameNothingThatIsHidden() {
		assertThat(CLASSES).filteredOn(ArchitectureContract::isSeenByUsers)
			.isNotEmpty()
			.allSatisfy((type) -> assertThat(signature(type)).as(type.getName())
				.noneMatch((named) -> named.getPackageName().startsWith("dev.psat")
						&& (isInternal(named) || !isPublic(named))));
	}

	private static boolean isSeenByUsers(JavaClass type) {
		return isPublic(type) && !isInternal(type)
				&& type.getEnclosingClass().map(ArchitectureContract::isSeenByUsers).orElse(true);
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
		return Stream.concat(supertypes, members.flatMap(ArchitectureContract::named)).collect(Collectors.toSet());
	}

	private static Stream<JavaClass> named(JavaMember member) {
		Stream<JavaClass> thrown = (member instanceof JavaCodeUnit unit) ? unit.getExceptionTypes().stream()
				: Stream.empty();
		return Stream.concat(member.getAllInvolvedRawTypes().stream(), thrown);
	}

	@Test
	void nobodyUsesSlf4jOrSpringNullAnnotations() {
		check(noClasses().should()
			.dependOnClassesThat(resideInAPackage("org.slf4j..").or(DescribedPredicate
				.describe("a null annotation of Spring or the JDK", (type) -> type.getSimpleName().equals("Nullable")
						&& !type.getPackageName().equals("org.jspecify.annotations")))));
	}

	@Test
	void nothingStaticChanges() {
		check(fields().that().areStatic().should().beFinal());
	}

	protected static List<String> names(Predicate<JavaClass> condition) {
		return CLASSES.stream().filter(condition).map(JavaClass::getName).toList();
	}

	protected static void check(ArchRule rule) {
		rule.check(CLASSES);
	}

	private static boolean isTopLevel(JavaClass type) {
		return type.isTopLevelClass() && !type.getSimpleName().equals("package-info");
	}

	private static boolean isPublic(JavaClass type) {
		return type.getModifiers().contains(JavaModifier.PUBLIC);
	}

	private static boolean isInternal(JavaClass type) {
		return type.getPackageName().endsWith(".internal");
	}

}
