package dev.psat.spire.autoconfigure;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.SpireIdentity;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.NamedBeanHolder;

/**
 * The identity of this application. It is looked up, since injection would choose one of
 * several candidates by parameter name. One of a parent context is started and stopped by
 * that context.
 */
record TheIdentity(SpireIdentity bean, boolean ofThisContext) {

	static TheIdentity in(ConfigurableListableBeanFactory beanFactory) {
		try {
			NamedBeanHolder<SpireIdentity> one = beanFactory.resolveNamedBean(SpireIdentity.class);
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

}
