package dev.psat.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules that hold for every module with auto-configurations.
 */
public abstract class SpringArchitectureContract extends ArchitectureContract {

	private static final Path IMPORTS = Path
		.of("target/classes/META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports");

	@Test
	void autoConfigurationsAreFinalAndHaveNoPublicMembers() {
		check(classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.andShould()
			.haveSimpleNameEndingWith("AutoConfiguration"));
		check(noMethods().that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.orShould()
			.beProtected());
		check(noFields().that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.allowEmptyShould(true));
	}

	@Test
	void autoConfigurationsAreImportedAndSorted() throws IOException {
		assertThat(Files.readAllLines(IMPORTS)).isSorted()
			.containsExactlyInAnyOrderElementsOf(names((type) -> type.isAnnotatedWith(AutoConfiguration.class)));
	}

	@Test
	void conditionsNeitherLookAtPropertiesNorStandOnBeanMethodsForClasses() {
		check(noClasses().should()
			.beAnnotatedWith(ConditionalOnProperty.class)
			.orShould()
			.beAnnotatedWith(ConditionalOnBooleanProperty.class));
		check(noMethods().should()
			.beAnnotatedWith(ConditionalOnProperty.class)
			.orShould()
			.beAnnotatedWith(ConditionalOnBooleanProperty.class)
			.orShould()
			.beAnnotatedWith(ConditionalOnClass.class));
	}

	/**
	 * What knows Spring logs as Spring does.
	 */
	@Test
	void nobodyUsesSlf4j() {
		check(noClasses().should().dependOnClassesThat().resideInAPackage("org.slf4j.."));
	}

	@Test
	void onlyMetricsSeeMicrometer() {
		check(noClasses().that()
			.resideOutsideOfPackage("..metrics..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.micrometer.."));
	}

	@Test
	void postProcessorsAreStatic() {
		check(methods().that()
			.areAnnotatedWith(Bean.class)
			.and()
			.haveRawReturnType(DescribedPredicate.describe("a post-processor",
					(type) -> type.isAssignableTo(BeanPostProcessor.class)
							|| type.isAssignableTo(BeanFactoryPostProcessor.class)))
			.should()
			.beStatic()
			.allowEmptyShould(true));
	}

	@Test
	void nobodyDefinesScheduler() {
		check(noMethods().that()
			.areAnnotatedWith(Bean.class)
			.should()
			.haveRawReturnType(DescribedPredicate.describe("a scheduler or an executor",
					(type) -> type.isAssignableTo("org.springframework.scheduling.TaskScheduler")
							|| type.isAssignableTo(Executor.class) || type.isAssignableTo(Clock.class))));
	}

	@Test
	void beansAreFinal() {
		assertThat(beanTypes()).filteredOn((type) -> !type.isInterface())
			.isNotEmpty()
			.allMatch((type) -> type.getModifiers().contains(JavaModifier.FINAL));
	}

	@Test
	void beansAreNotFunctions() {
		assertThat(beanTypes()).isNotEmpty()
			.allSatisfy((type) -> assertThat(type.getAllRawInterfaces())
				.noneMatch((supertype) -> supertype.getPackageName().equals("java.util.function")
						|| supertype.isEquivalentTo(Callable.class)))
			.allSatisfy((type) -> assertThat(type.getAllMethods()).filteredOn(
					(method) -> method.getModifiers().contains(JavaModifier.PUBLIC) || method.getOwner().equals(type))
				.extracting(JavaMethod::getName)
				.doesNotContain("get", "apply", "accept", "call", "invoke"));
	}

	/**
	 * Return what our bean methods return, and each class of ours that can stand behind
	 * it, also in another module.
	 */
	protected static Set<JavaClass> beanTypes() {
		return BeanTypes.ALL;
	}

	private static final class BeanTypes {

		static final Set<JavaClass> ALL = find();

		private static Set<JavaClass> find() {
			Set<String> returned = CLASSES.stream()
				.flatMap((type) -> type.getMethods().stream())
				.filter((method) -> method.isAnnotatedWith(Bean.class))
				.map((method) -> method.getRawReturnType().getName())
				.collect(Collectors.toSet());
			return new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
				.importPackages("dev.psat")
				.stream()
				.filter((type) -> returned.stream().anyMatch(type::isAssignableTo))
				.collect(Collectors.toSet());
		}

	}

}
