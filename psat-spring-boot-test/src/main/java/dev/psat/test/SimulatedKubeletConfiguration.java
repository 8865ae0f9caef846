package dev.psat.test;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DeferredImportSelector;
import org.springframework.context.annotation.Import;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Runs an application on a {@link SimulatedKubelet} instead of a cluster.
 *
 * <p>
 * On a laptop, start it from a main method in the test sources:
 *
 * <pre class="code">
 * SpringApplication.from(OrdersApplication::main).with(SimulatedKubeletConfiguration.class).run(args);
 * </pre>
 *
 * In a test, add {@code @Import(SimulatedKubeletConfiguration.class)} to
 * {@code @SpringBootTest} or {@code @WebMvcTest}.
 *
 * <p>
 * Adds a {@link SimulatedKubelet} bean, which can be injected into a test to rotate or
 * damage the token. It rotates on schedule, issues tokens with a lifetime of 10 minutes
 * for the configured {@code spire.psat.audience}, and is closed with the context. A bean
 * of that type declared anywhere in the application or the test replaces it.
 *
 * <p>
 * In a slice such as {@code @WebMvcTest}, it also imports the auto-configuration of the
 * base starter, which slices leave out.
 *
 * <p>
 * Sets {@code spire.psat.token-path} to the simulated token, overriding any other value,
 * and {@code spire.psat.cluster} to {@code simulated} unless it is already set.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
@Import(SimulatedKubeletConfiguration.Selector.class)
@ImportAutoConfiguration
public final class SimulatedKubeletConfiguration {

	/**
	 * Defers the beans until those of the user are known, so that they can back off.
	 */
	static final class Selector implements DeferredImportSelector {

		@Override
		public String[] selectImports(AnnotationMetadata importingClass) {
			return new String[] { SimulatedPropertiesBeans.class.getName(), SimulatedKubeletBeans.class.getName() };
		}

	}

}
