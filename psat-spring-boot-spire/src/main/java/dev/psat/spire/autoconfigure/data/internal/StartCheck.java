package dev.psat.spire.autoconfigure.data.internal;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Checks clients that are no beans, once all singletons are there and before anything
 * else starts.
 */
public abstract class StartCheck implements SmartLifecycle {

	private final ListableBeanFactory beanFactory;

	protected StartCheck(ListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Return the same check for another context.
	 * @param beanFactory the bean factory of that context
	 * @return the check
	 */
	protected abstract StartCheck in(ListableBeanFactory beanFactory);

	/**
	 * Check the clients of a context.
	 * @param beanFactory the bean factory
	 */
	protected abstract void check(ListableBeanFactory beanFactory);

	@Override
	public final void start() {
		check(this.beanFactory);
	}

	@Override
	public final void stop() {
	}

	/**
	 * Return {@code false}, so that it checks anew whenever the context starts again.
	 */
	@Override
	public final boolean isRunning() {
		return false;
	}

	@Override
	public final int getPhase() {
		return Integer.MIN_VALUE;
	}

}
