package dev.psat.support;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules that hold for what a module offers its users.
 */
public abstract class ApiContract {

	/** The classes of the module that is tested. */
	protected static final JavaClasses CLASSES = new ClassFileImporter().importPath("target/classes");

	/** What protoc generates is public whether it should be or not. */
	private static final Pattern INTERNAL = Pattern.compile("\\.(?:internal$|proto\\b)");

	/**
	 * Return the public types, but for those in internal packages.
	 * @return their names without {@code dev.psat.}
	 */
	protected abstract Stream<String> publicTypes();

	/**
	 * Return the public records, but for those in internal packages. A further component
	 * breaks the binaries of whoever creates a record or takes it apart. So a value is
	 * one if its components make it what it is, or if only our own code knows it; what
	 * reports, and one day more of it, is a sealed interface over a hidden record, or has
	 * getters if an endpoint returns it.
	 * @return their names without {@code dev.psat.}
	 */
	protected abstract Stream<String> publicRecords();

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
		assertThat(CLASSES).filteredOn(ApiContract::isSeenByUsers)
			.isNotEmpty()
			.allSatisfy((type) -> assertThat(signature(type)).as(type.getName())
				.noneMatch((named) -> named.getPackageName().startsWith("dev.psat")
						&& (isInternal(named) || !isPublic(named))));
	}

	private static boolean isSeenByUsers(JavaClass type) {
		return isPublic(type) && !isInternal(type)
				&& type.getEnclosingClass().map(ApiContract::isSeenByUsers).orElse(true);
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
		return Stream.concat(supertypes, members.flatMap(ApiContract::named)).collect(Collectors.toSet());
	}

	private static Stream<JavaClass> named(JavaMember member) {
		Stream<JavaClass> thrown = (member instanceof JavaCodeUnit unit) ? unit.getExceptionTypes().stream()
				: Stream.empty();
		return Stream.concat(member.getAllInvolvedRawTypes().stream(), thrown);
	}

	protected static List<String> names(Predicate<JavaClass> condition) {
		return CLASSES.stream().filter(condition).map(JavaClass::getName).toList();
	}

	static boolean isTopLevel(JavaClass type) {
		return type.isTopLevelClass() && !type.getSimpleName().equals("package-info");
	}

	private static boolean isPublic(JavaClass type) {
		return type.getModifiers().contains(JavaModifier.PUBLIC);
	}

	private static boolean isInternal(JavaClass type) {
		return INTERNAL.matcher(type.getPackageName()).find();
	}

}
