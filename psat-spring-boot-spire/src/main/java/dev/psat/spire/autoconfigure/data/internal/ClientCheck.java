package dev.psat.spire.autoconfigure.data.internal;

import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.SingletonBeanRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.Environment;

/**
 * {@link BeanPostProcessor} that checks clients before anything can connect by them. It
 * looks twice: once the properties are bound, before the bean's own initialization, which
 * may connect, and before others put a proxy in its place; and again afterwards, since
 * what a factory bean makes is seen only then. Singletons that were there before it, or
 * that no bean factory has made, follow when all others are there.
 */
public abstract class ClientCheck
		implements BeanPostProcessor, SmartInitializingSingleton, BeanFactoryAware, EnvironmentAware, PriorityOrdered {

	private @Nullable BeanFactory beanFactory;

	private @Nullable Environment environment;

	@Override
	public final void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public final void setEnvironment(Environment environment) {
		this.environment = environment;
	}

	/**
	 * Return the properties that the user wrote.
	 * @return the properties, {@code null} if they are unknown
	 */
	protected final @Nullable Environment environment() {
		return this.environment;
	}

	/**
	 * Return how to name a client that would not be safe: by what the user wrote, if
	 * Spring Boot has made it of its properties. As they are checked first, something
	 * must have changed it.
	 * @param name the name of the bean
	 * @param properties the prefix of the properties
	 * @return the subject of a sentence
	 */
	protected final String written(String name, String properties) {
		return isOfSpringBoot(name) ? "configuration '%s', with what customizes it,".formatted(properties)
				: "bean '%s'".formatted(name);
	}

	private boolean isOfSpringBoot(String name) {
		Method factory = (this.beanFactory instanceof ConfigurableListableBeanFactory beans
				&& beans.containsBeanDefinition(name)
				&& beans.getMergedBeanDefinition(name) instanceof RootBeanDefinition definition)
						? definition.getResolvedFactoryMethod() : null;
		return factory != null && factory.getDeclaringClass().getName().startsWith("org.springframework.boot.");
	}

	/**
	 * Return the check for a child context, which may bind properties of its own.
	 * @param beanFactory the bean factory of that context
	 * @return the check, the same one if it asks no bean factory
	 */
	protected ClientCheck in(ListableBeanFactory beanFactory) {
		return this;
	}

	/**
	 * Check a client.
	 * @param bean any bean
	 * @param name the name of the bean
	 */
	protected abstract void check(Object bean, String name);

	@Override
	public final Object postProcessBeforeInitialization(Object bean, String name) {
		check(bean, name);
		return bean;
	}

	@Override
	public final Object postProcessAfterInitialization(Object bean, String name) {
		check(bean, name);
		return bean;
	}

	@Override
	public final void afterSingletonsInstantiated() {
		if (this.beanFactory instanceof SingletonBeanRegistry registry) {
			for (String name : registry.getSingletonNames()) {
				Object singleton = registry.getSingleton(name);
				if (singleton != null) {
					check(singleton, name);
				}
			}
		}
	}

	@Override
	public final int getOrder() {
		return 0;
	}

}
