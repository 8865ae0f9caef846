package dev.psat.spire.test;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DeferredImportSelector;
import org.springframework.context.annotation.Import;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Configuration that runs an application with a {@link SimulatedWorkloadApi} instead of a
 * SPIRE Agent on its node.
 *
 * <p>
 * On a laptop, use it from the main method of a test class:
 *
 * <pre class="code">
 * SpringApplication.from(OrdersApplication::main).with(SimulatedWorkloadApiConfiguration.class).run(args);
 * </pre>
 *
 * In a test, use {@code @Import(SimulatedWorkloadApiConfiguration.class)} with
 * {@code @SpringBootTest}.
 *
 * <p>
 * Adds a {@link SimulatedWorkloadApi} bean with one entry,
 * {@code spiffe://example.org/ns/default/sa/default}, and a simulated server of its own.
 * A bean of that type that the application or the test declares anywhere replaces it.
 *
 * <p>
 * A {@link SimulatedSpireServer} of another trust domain is a bean that is declared with
 * {@code @Bean(defaultCandidate = false)}. Before the application starts, it and the
 * server of the Workload API federate with each other, with all their entries, unless
 * they have each other's bundles already.
 *
 * <p>
 * Sets {@code spire.workload-api.socket}, regardless of its previous value. The socket is
 * in a temporary directory, which is deleted when the context is closed.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
@Import(SimulatedWorkloadApiConfiguration.Selector.class)
public final class SimulatedWorkloadApiConfiguration {

	/**
	 * Defers the beans until those of the user are known, so that they back off.
	 */
	static final class Selector implements DeferredImportSelector {

		private static final String PROPERTIES = "dev.psat.test.SimulatedPropertiesBeans";

		@Override
		public String[] selectImports(AnnotationMetadata importingClass) {
			return new String[] { PROPERTIES, SimulatedWorkloadApiBeans.class.getName() };
		}

	}

}
