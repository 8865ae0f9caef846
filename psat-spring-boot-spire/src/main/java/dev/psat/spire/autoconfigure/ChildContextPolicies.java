package dev.psat.spire.autoconfigure;

import java.util.stream.Stream;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.tls.PeerPolicy;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;

/**
 * Stops the start of child contexts with {@link PeerPolicy} beans, such as that of a
 * separate management port: they come too late to decide for anybody.
 */
final class ChildContextPolicies {

	private ChildContextPolicies() {
	}

	static void check(ApplicationContext child, ConfigurableListableBeanFactory beanFactory) {
		Stream<String> annotated = Stream.of(beanFactory.getBeanDefinitionNames())
			.filter((name) -> !PolicyBeanDefinition.annotations(name, beanFactory).isEmpty())
			.map((name) -> PolicyBeanDefinition.withoutProxy(name, beanFactory));
		Stream<String> candidates = PolicyBeanDefinition.names(beanFactory, false)
			.stream()
			.filter((name) -> PolicyBeanDefinition.isCandidate(name, beanFactory));
		Stream.concat(annotated, candidates).findFirst().ifPresent((name) -> {
			throw new PsatStartupException(
					"The PeerPolicy bean '%s' of the context '%s' would decide for nobody, since the SSL bundle of the SPIRE identity was made in the parent of that context, and without it."
						.formatted(name, child.getId()),
					"Declare it in the application context that has the SPIRE identity. If it is meant for something else, declare it as @Bean(defaultCandidate = false) without @AuthorizesPeers.");
		});
	}

}
