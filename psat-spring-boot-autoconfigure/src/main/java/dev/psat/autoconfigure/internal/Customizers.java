package dev.psat.autoconfigure.internal;

import java.util.function.Consumer;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Calls the beans of the application that customize a builder of ours, each in its order.
 */
public final class Customizers<C> {

	private final Class<C> type;

	private final ObjectProvider<C> beans;

	private final ListableBeanFactory beanFactory;

	public Customizers(Class<C> type, ObjectProvider<C> beans, ListableBeanFactory beanFactory) {
		this.type = type;
		this.beans = beans;
		this.beanFactory = beanFactory;
	}

	/** If one fails, the exception names it. */
	public void each(Consumer<C> call) {
		for (C customizer : this.beans.orderedStream().toList()) {
			try {
				call.accept(customizer);
			}
			// including undeclared exceptions: a customizer need not be written in Java
			catch (Exception ex) {
				throw PsatStartupException.ofBean(this.type, nameOf(customizer), ex);
			}
		}
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
