package dev.psat.spire.test;

import dev.psat.test.SimulatedKubelet;
import dev.psat.test.SimulatedKubeletConfiguration;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DeferredImportSelector;
import org.springframework.context.annotation.Import;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Configuration that runs an application with a {@link SimulatedSpireServer} and a
 * {@link SimulatedKubelet} instead of a cluster.
 *
 * <p>
 * On a laptop, use it from the main method of a test class:
 *
 * <pre class="code">
 * SpringApplication.from(OrdersApplication::main).with(SimulatedSpireServerConfiguration.class).run(args);
 * </pre>
 *
 * In a test, use {@code @Import(SimulatedSpireServerConfiguration.class)} with
 * {@code @SpringBootTest}.
 *
 * <p>
 * Includes {@link SimulatedKubeletConfiguration}, and adds a {@link SimulatedSpireServer}
 * bean that attests its pod and has an alias and an entry for it:
 * {@code spiffe://example.org/ns/<namespace>/sa/<service account>}. It limits no
 * attestations and caches no entries, so that tests do not wait. A bean of that type that
 * the application or the test declares anywhere replaces it; one that is built with the
 * defaults of {@link SimulatedSpireServer#builder()} makes clients wait as a real server
 * does.
 *
 * <p>
 * A further server, of another trust domain, is a bean that is declared with
 * {@code @Bean(defaultCandidate = false)}. Before the application starts, the two
 * federate with each other, with all their entries, unless they have each other's bundles
 * already.
 *
 * <p>
 * Sets {@code spire.server.address}, {@code spire.server.trust-domain} and
 * {@code spire.server.trust-bundle}, regardless of their previous values. The trust
 * bundle is a temporary file, which is deleted when the context is closed.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
@Import({ SimulatedKubeletConfiguration.class, SimulatedSpireServerConfiguration.Selector.class })
public final class SimulatedSpireServerConfiguration {

	/**
	 * Defers the beans until those of the user are known, so that they back off.
	 */
	static final class Selector implements DeferredImportSelector {

		@Override
		public String[] selectImports(AnnotationMetadata importingClass) {
			return new String[] { SimulatedSpireServerBeans.class.getName() };
		}

	}

}
