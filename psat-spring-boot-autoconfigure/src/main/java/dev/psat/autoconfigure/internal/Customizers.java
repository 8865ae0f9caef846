package dev.psat.autoconfigure.internal;

import java.util.function.Consumer;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Calls the beans of the application that customize a builder of ours.
 *
 * @param <C> the type of the customizers
 */
public final class Customizers<C> {

	private final Class<C> type;

	private final ObjectProvider<C> beans;

	private final ListableBeanFactory beanFactory;

	/**
	 * Create an instance.
	 * @param type the type of the customizers
	 * @param beans the customizers that count
	 * @param beanFactory the bean factory, which knows the names
	 */
	public Customizers(Class<C> type, ObjectProvider<C> beans, ListableBeanFactory beanFactory) {
		this.type = type;
		this.beans = beans;
		this.beanFactory = beanFactory;
	}

	/**
	 * Call each customizer in its order.
	 * @param call calls it
	 * @throws IllegalStateException if one fails; the message names it
	 */
	public void each(Consumer<C> call) {
		this.beans.orderedStream().forEachOrdered((customizer) -> {
			try {
				call.accept(customizer);
			}
			catch (RuntimeException ex) {
				throw new IllegalStateException(
						"The %s bean '%s' failed".formatted(this.type.getSimpleName(), nameOf(customizer)), ex);
			}
		});
	}

	private String nameOf(C customizer) {
		for (String name : BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, this.type)) {
			if (isNameOf(customizer, name)) {
				return name;
			}
		}
		return customizer.getClass().getName();
	}

	private boolean isNameOf(C customizer, String name) {
		try {
			return this.beanFactory.isSingleton(name) && this.beanFactory.getBean(name) == customizer;
		}
		catch (BeansException ex) {
			return false;
		}
	}

}
