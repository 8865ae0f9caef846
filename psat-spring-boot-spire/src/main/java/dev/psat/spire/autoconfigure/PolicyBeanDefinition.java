package dev.psat.spire.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.tls.PeerPolicy;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;

record PolicyBeanDefinition(String name, ConfigurableListableBeanFactory beanFactory, AuthorizesPeers annotation) {

	static final String HOW_TO_ANNOTATE = "Annotate its method or class with @AuthorizesPeers(Direction.INBOUND) to have it decide who may call this application, with @AuthorizesPeers(Direction.OUTBOUND) to have it decide whom this application may call, or with @AuthorizesPeers(bundle = \"…\") to have it decide for a further SSL bundle of that name. If it is meant for none of these, declare it as @Bean(defaultCandidate = false).";

	/**
	 * Those of the parents, too, unless a policy of the same name in a child context
	 * replaces them. Any other bean of that name replaces none.
	 */
	static List<PolicyBeanDefinition> in(ConfigurableListableBeanFactory beanFactory, boolean eager) {
		List<PolicyBeanDefinition> definitions = new ArrayList<>();
		Set<String> hidden = new LinkedHashSet<>();
		ConfigurableListableBeanFactory level = beanFactory;
		while (level != null) {
			for (String name : names(level, eager)) {
				if (hidden.add(name)) {
					add(name, level, definitions);
				}
			}
			level = (level.getParentBeanFactory() instanceof ConfigurableListableBeanFactory parent) ? parent : null;
		}
		return definitions;
	}

	/** Of this context only, without those behind scoped proxies. */
	static Set<String> names(ConfigurableListableBeanFactory beanFactory, boolean eager) {
		Set<String> names = new LinkedHashSet<>();
		for (String name : beanFactory.getBeanNamesForType(PeerPolicy.class, true, eager)) {
			names.add(withoutProxy(name, beanFactory));
		}
		return names;
	}

	/** Return the name by which a bean is injected, if it is behind a scoped proxy. */
	static String withoutProxy(String name, ConfigurableListableBeanFactory beanFactory) {
		return (ScopedProxyUtils.isScopedTarget(name)
				&& beanFactory.containsBeanDefinition(ScopedProxyUtils.getOriginalBeanName(name)))
						? ScopedProxyUtils.getOriginalBeanName(name) : name;
	}

	private static void add(String name, ConfigurableListableBeanFactory beanFactory,
			List<PolicyBeanDefinition> definitions) {
		Set<AuthorizesPeers> annotations = annotations(name, beanFactory);
		if (annotations.size() > 1) {
			throw new PsatStartupException(
					"The PeerPolicy bean '%s' says twice for whom it decides, and differently.".formatted(name),
					"Leave one @AuthorizesPeers on its method, its class or what that extends.");
		}
		if (!annotations.isEmpty()) {
			definitions.add(new PolicyBeanDefinition(name, beanFactory, annotations.iterator().next()));
		}
		else if (isCandidate(name, beanFactory)) {
			throw new PsatStartupException("The PeerPolicy bean '%s' does not say for whom it decides.".formatted(name),
					HOW_TO_ANNOTATE);
		}
	}

	static Set<AuthorizesPeers> annotations(String name, ConfigurableListableBeanFactory beanFactory) {
		Set<AuthorizesPeers> annotations = new LinkedHashSet<>(
				beanFactory.findAllAnnotationsOnBean(name, AuthorizesPeers.class, false));
		String target = ScopedProxyUtils.getTargetBeanName(name);
		if (beanFactory.containsBeanDefinition(target)) {
			annotations.addAll(beanFactory.findAllAnnotationsOnBean(target, AuthorizesPeers.class, false));
		}
		return annotations;
	}

	static boolean isCandidate(String name, ConfigurableListableBeanFactory beanFactory) {
		if (!beanFactory.containsBeanDefinition(name)) {
			return true;
		}
		BeanDefinition definition = beanFactory.getMergedBeanDefinition(name);
		return definition.isAutowireCandidate()
				&& !(definition instanceof AbstractBeanDefinition bean && !bean.isDefaultCandidate());
	}

}
