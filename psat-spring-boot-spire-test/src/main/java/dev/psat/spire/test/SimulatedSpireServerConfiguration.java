package dev.psat.spire.test;

import dev.psat.test.SimulatedKubelet;
import dev.psat.test.SimulatedKubeletConfiguration;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DeferredImportSelector;
import org.springframework.context.annotation.Import;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Runs an application on a {@link SimulatedSpireServer} and a {@link SimulatedKubelet}
 * instead of a cluster.
 *
 * <p>
 * On a laptop, from the main method of a class among the tests:
 *
 * <pre class="code">
 * SpringApplication.from(OrdersApplication::main).with(SimulatedSpireServerConfiguration.class).run(args);
 * </pre>
 *
 * and in a test with {@code @Import(SimulatedSpireServerConfiguration.class)} beside
 * {@code @SpringBootTest}.
 *
 * <p>
 * Brings {@link SimulatedKubeletConfiguration} along, and adds a bean of type
 * {@link SimulatedSpireServer} that attests its pod and has an alias and an entry for it:
 * {@code spiffe://example.org/ns/<namespace>/sa/<service account>}. A bean of that type
 * that the application or the test declares takes its place, wherever it is declared.
 *
 * <p>
 * Sets {@code spire.psat.server.address}, {@code spire.psat.server.trust-domain} and
 * {@code spire.psat.server.trust-bundle}, whatever they were. The trust bundle is a
 * temporary file, deleted when the context is closed.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
@Import({ SimulatedKubeletConfiguration.class, SimulatedSpireServerConfiguration.Selector.class })
public final class SimulatedSpireServerConfiguration {

	/**
	 * Defers the beans until those of the user are known, so that they can give way.
	 */
	static final class Selector implements DeferredImportSelector {

		@Override
		public String[] selectImports(AnnotationMetadata importingClass) {
			return new String[] { SimulatedSpireServerBeans.class.getName() };
		}

	}

}
