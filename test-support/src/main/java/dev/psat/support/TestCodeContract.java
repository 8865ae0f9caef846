package dev.psat.support;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaCodeUnitReference;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules that hold for the tests of every module.
 */
@Matrix
public abstract class TestCodeContract {

	private static final Set<String> WRITES = Set.of("add", "addAll", "addFirst", "addLast", "offer", "push", "put",
			"putAll", "putIfAbsent", "computeIfAbsent", "compute", "merge", "remove", "removeIf", "poll", "clear");

	private static final Set<String> ITERATIONS = Set.of("forEach", "forEachOrdered", "forEachRemaining", "ifPresent");

	/** How far a lambda may stand below whoever iterates. */
	private static final int LINES = 3;

	private final JavaClasses classes;

	protected TestCodeContract() {
		this("target/test-classes");
	}

	protected TestCodeContract(String directory) {
		this.classes = new ClassFileImporter().importPath(directory);
	}

	/**
	 * They fail when they are iterated while somebody writes, and every assertion
	 * iterates.
	 */
	@Test
	void noCollectionIsMerelySynchronized() {
		assertThat(this.classes.stream()
			.flatMap((type) -> type.getMethodCallsFromSelf().stream())
			.filter(TestCodeContract::createsSynchronizedCollection)
			.map(JavaAccess::getDescription)).isEmpty();
	}

	/**
	 * A listener, a log or a thread writes when it likes, while a test reads. A plain
	 * collection fails then, or shows less than there is.
	 */
	@Test
	void nothingThatIsCalledBackWritesIntoPlainCollection() {
		assertThat(this.classes).isNotEmpty();
		assertThat(this.classes.stream()
			.flatMap((type) -> type.getCodeUnits().stream())
			.flatMap(this::writesIntoPlainCollections)).isEmpty();
	}

	private Stream<String> writesIntoPlainCollections(JavaCodeUnit unit) {
		boolean callback = isCallback(unit);
		return unit.getAccessesFromSelf()
			.stream()
			.filter(TestCodeContract::isWrite)
			.filter((write) -> callback || isInFunction(write) && !isInIteration(write))
			.filter((write) -> isIntoPlainCollection(write, callback))
			.map(JavaAccess::getDescription);
	}

	/**
	 * Return whether somebody else's interface demands the method, who may call it from
	 * any thread.
	 */
	private boolean isCallback(JavaCodeUnit unit) {
		return unit instanceof JavaMethod method && Stream
			.concat(method.getOwner().getAllRawSuperclasses().stream(),
					method.getOwner().getAllRawInterfaces().stream())
			.filter((type) -> !this.classes.contain(type.getName()) && !type.isEquivalentTo(AutoCloseable.class)
					&& !type.getPackageName().startsWith("dev.psat.support"))
			.anyMatch((type) -> type.tryGetMethod(method.getName(), parameters(method)).isPresent());
	}

	private static String[] parameters(JavaMethod method) {
		return method.getRawParameterTypes().stream().map(JavaClass::getName).toArray(String[]::new);
	}

	private static boolean isInFunction(JavaAccess<?> access) {
		return access.isDeclaredInLambda() || access instanceof JavaCodeUnitReference<?>;
	}

	private static boolean isInIteration(JavaAccess<?> access) {
		return access.getOrigin()
			.getAccessesFromSelf()
			.stream()
			.filter((other) -> ITERATIONS.contains(other.getName()))
			.mapToInt((other) -> access.getLineNumber() - other.getLineNumber())
			.anyMatch((below) -> below >= 0 && below <= LINES);
	}

	/**
	 * Class files do not tell which collection a call is made on: it is the field that is
	 * read on the same line, or else a local variable.
	 */
	private static boolean isIntoPlainCollection(JavaAccess<?> write, boolean callback) {
		JavaCodeUnit unit = write.getOrigin();
		List<JavaFieldAccess> fields = unit.getFieldAccesses()
			.stream()
			.filter((field) -> field.getLineNumber() == write.getLineNumber())
			.filter((field) -> isCollection(field.getTarget().getRawType()))
			.toList();
		if (!fields.isEmpty()) {
			return fields.stream().anyMatch(TestCodeContract::isPlain);
		}
		return !callback && unit.getAccessesFromSelf()
			.stream()
			.anyMatch((other) -> createsPlainCollection(other) && !other.isDeclaredInLambda());
	}

	private static boolean isPlain(JavaFieldAccess access) {
		return access.getTarget()
			.resolveMember()
			.stream()
			.flatMap((field) -> field.getAccessesToSelf().stream())
			.filter((other) -> other.getAccessType() == JavaFieldAccess.AccessType.SET)
			.anyMatch((set) -> set.getOrigin()
				.getAccessesFromSelf()
				.stream()
				.anyMatch((other) -> other.getLineNumber() == set.getLineNumber() && createsPlainCollection(other)));
	}

	private static boolean createsPlainCollection(JavaAccess<?> access) {
		return isPlainCollection(access.getTargetOwner()) && access.getName().equals(JavaConstructor.CONSTRUCTOR_NAME);
	}

	private static boolean createsSynchronizedCollection(JavaAccess<?> access) {
		return access.getTargetOwner().isEquivalentTo(Collections.class) && access.getName().startsWith("synchronized");
	}

	private static boolean isWrite(JavaAccess<?> access) {
		return WRITES.contains(access.getName()) && isPlainCollection(access.getTargetOwner());
	}

	private static boolean isPlainCollection(JavaClass type) {
		return type.getPackageName().equals("java.util") && isCollection(type);
	}

	private static boolean isCollection(JavaClass type) {
		return type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class);
	}

}
