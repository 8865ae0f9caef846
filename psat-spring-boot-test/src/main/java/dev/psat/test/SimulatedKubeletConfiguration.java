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
 * On a laptop, from the main method of a class among the tests:
 *
 * <pre class="code">
 * SpringApplication.from(OrdersApplication::main).with(SimulatedKubeletConfiguration.class).run(args);
 * </pre>
 *
 * and in a test with {@code @Import(SimulatedKubeletConfiguration.class)} beside
 * {@code @SpringBootTest} or {@code @WebMvcTest}.
 *
 * <p>
 * Adds a bean of type {@link SimulatedKubelet}, to be injected where a test rotates or
 * damages the token. It rotates by schedule, issues tokens of 10 minutes for the
 * configured {@code spire.psat.audience}, and is closed with the context. A bean of that
 * type that the application or the test declares takes its place, wherever it is
 * declared.
 *
 * <p>
 * In a slice such as {@code @WebMvcTest} it also brings in the auto-configuration of the
 * base starter, which slices leave out.
 *
 * <p>
 * Sets {@code spire.psat.token-path} to the simulated token, whatever it was, and
 * {@code spire.psat.cluster} to {@code simulated} where it is not set.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
@Import(SimulatedKubeletConfiguration.Selector.class)
@ImportAutoConfiguration
public final class SimulatedKubeletConfiguration {

	/**
	 * Defers the beans until those of the user are known, so that they can give way.
	 */
	static final class Selector implements DeferredImportSelector {

		@Override
		public String[] selectImports(AnnotationMetadata importingClass) {
			return new String[] { SimulatedKubeletBeans.class.getName() };
		}

	}

}
