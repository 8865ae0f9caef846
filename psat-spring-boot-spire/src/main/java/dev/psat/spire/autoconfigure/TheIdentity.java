package dev.psat.spire.autoconfigure;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.SpireIdentity;

import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.target.AbstractBeanFactoryBasedTargetSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.NamedBeanHolder;

/**
 * The identity of this application. It is looked up, since injection would choose one of
 * several candidates by parameter name.
 *
 * @param bean the identity
 * @param ofThisContext whether it is a bean of this context, which then starts and stops
 * it, and not of a parent
 */
record TheIdentity(SpireIdentity bean, boolean ofThisContext) {

	/**
	 * Look up the identity.
	 * @param beanFactory the bean factory
	 * @return the identity
	 * @throws PsatStartupException if it could be one of several, or another one each
	 * time
	 */
	static TheIdentity in(ConfigurableListableBeanFactory beanFactory) {
		try {
			NamedBeanHolder<SpireIdentity> one = beanFactory.resolveNamedBean(SpireIdentity.class);
			checkNoPrototype(one, beanFactory);
			return new TheIdentity(one.getBeanInstance(), beanFactory.containsLocalBean(one.getBeanName()));
		}
		catch (NoUniqueBeanDefinitionException ex) {
			throw new PsatStartupException(
					"The identity of this application could be any of the SpireIdentity beans %s."
						.formatted(String.valueOf(ex.getBeanNamesFound())),
					"Declare the one that is served and shown as @Primary, or each of the others as "
							+ "@Bean(defaultCandidate = false).");
		}
	}

	/**
	 * Check that the identity is not a prototype, nor that of a proxy, whose target must
	 * not be created for this.
	 */
	private static void checkNoPrototype(NamedBeanHolder<SpireIdentity> one, BeanFactory beanFactory) {
		boolean prototype = beanFactory.isPrototype(one.getBeanName());
		Object each = one.getBeanInstance();
		while (!prototype && each instanceof Advised proxy) {
			prototype = proxy.getTargetSource() instanceof AbstractBeanFactoryBasedTargetSource targets
					&& targets.getBeanFactory().isPrototype(targets.getTargetBeanName());
			each = AopProxyUtils.getSingletonTarget(proxy);
		}
		if (prototype) {
			throw new PsatStartupException(
					"The SpireIdentity bean '%s' is a prototype, or a proxy for one, so the application would use another identity each time, and close none of them."
						.formatted(one.getBeanName()),
					"Declare it as a singleton, or in a scope that keeps it.");
		}
	}

}
