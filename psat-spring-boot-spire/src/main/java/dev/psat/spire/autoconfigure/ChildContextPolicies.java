package dev.psat.spire.autoconfigure;

import dev.psat.spire.tls.PeerPolicy;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * {@link ApplicationListener} that stops the start of child contexts with
 * {@link PeerPolicy} beans, such as that of a separate management port: they come too
 * late to decide for anybody.
 */
final class ChildContextPolicies implements ApplicationListener<ContextRefreshedEvent> {

	private final PolicyBeans policies;

	ChildContextPolicies(PolicyBeans policies) {
		this.policies = policies;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		if (event.getApplicationContext()
			.getAutowireCapableBeanFactory() instanceof ConfigurableListableBeanFactory beanFactory) {
			this.policies.checkComplete(beanFactory);
		}
	}

}
