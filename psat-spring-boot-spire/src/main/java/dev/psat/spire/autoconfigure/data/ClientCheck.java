package dev.psat.spire.autoconfigure.data;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.PriorityOrdered;

/**
 * {@link BeanPostProcessor} that checks clients before anything can connect by them. It
 * looks twice: once the properties are bound, before the bean's own initialization, which
 * may connect, and before others put a proxy in its place; and again afterwards, since
 * what a factory bean makes is seen only then.
 */
abstract class ClientCheck implements BeanPostProcessor, PriorityOrdered {

	/**
	 * Check a client.
	 * @param bean any bean
	 * @param name the name of the bean
	 */
	abstract void check(Object bean, String name);

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
	public final int getOrder() {
		return 0;
	}

}
