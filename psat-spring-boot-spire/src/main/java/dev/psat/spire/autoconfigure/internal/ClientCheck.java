package dev.psat.spire.autoconfigure.internal;

import java.lang.reflect.Method;
import java.util.regex.Pattern;

import org.springframework.aop.scope.ScopedObject;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.core.PriorityOrdered;

/**
 * Checks clients, and what tells them how to connect, by their public getters: before
 * their own initialization, which may connect, and before others put a proxy in their
 * place; and afterwards, since what a factory bean makes is seen only then. Singletons
 * that were there before, or that no bean factory has made, follow at the end.
 */
public abstract class ClientCheck implements BeanPostProcessor, SmartInitializingSingleton, PriorityOrdered {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Class<?>[] telling;

	/**
	 * @param telling the types of beans that tell how to connect, and must not be lazy
	 */
	protected ClientCheck(ConfigurableListableBeanFactory beanFactory, Class<?>... telling) {
		this.beanFactory = beanFactory;
		this.telling = telling;
	}

	protected abstract void check(Object bean, String name);

	protected boolean tells(Class<?> type) {
		return true;
	}

	/** Return whether Spring Boot has made the bean, of its properties. */
	protected final boolean isOfSpringBoot(String name) {
		Method factory = (this.beanFactory.containsBeanDefinition(name)
				&& this.beanFactory.getMergedBeanDefinition(name) instanceof RootBeanDefinition definition)
						? definition.getResolvedFactoryMethod() : null;
		return factory != null && factory.getDeclaringClass().getName().startsWith("org.springframework.boot.");
	}

	@Override
	public final Object postProcessBeforeInitialization(Object bean, String name) {
		checkIfThere(bean, name);
		return bean;
	}

	@Override
	public final Object postProcessAfterInitialization(Object bean, String name) {
		checkIfThere(bean, name);
		return bean;
	}

	@Override
	public final void afterSingletonsInstantiated() {
		for (Class<?> each : this.telling) {
			for (String name : this.beanFactory.getBeanNamesForType(each, false, false)) {
				Class<?> type = this.beanFactory.getType(name, false);
				if (type != null && !isOfContainer(type) && tells(type)) {
					this.beanFactory.getBean(name);
				}
			}
		}
		for (String name : this.beanFactory.getSingletonNames()) {
			Object singleton = this.beanFactory.getSingleton(name);
			if (singleton != null) {
				checkIfThere(singleton, name);
			}
		}
	}

	/**
	 * What is behind the proxy of a scope is checked itself, and need not be there yet. A
	 * container of Testcontainers would be started to tell where it is.
	 */
	private void checkIfThere(Object bean, String name) {
		if (!(bean instanceof ScopedObject) && !isOfContainer(bean.getClass())) {
			check(bean, name);
		}
	}

	private static boolean isOfContainer(Class<?> type) {
		for (Class<?> each = type; each != null
				&& ConnectionDetails.class.isAssignableFrom(type); each = each.getSuperclass()) {
			if (each.getName().startsWith("org.springframework.boot.testcontainers.")) {
				return true;
			}
		}
		return false;
	}

	@Override
	public final int getOrder() {
		return 0;
	}

	/** What is wrong with a client, and what to do. */
	public record Refusal(String problem, String action) {

		private static final Pattern END = Pattern.compile("[^\\w. -].*", Pattern.DOTALL);

		/**
		 * Return a value as messages quote it: up to where something else that has been
		 * written into it begins, which could be a password.
		 */
		public static String quotable(String value) {
			return END.matcher(value).replaceFirst("…");
		}

		@Override
		public String toString() {
			return this.problem + " " + this.action;
		}

	}

}
