package dev.psat.spire.autoconfigure;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.SmartLifecycle;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;

/**
 * Starts and stops the identity. Neither waits for the SPIRE Server nor fails without it.
 */
final class SpireLifecycle implements SmartLifecycle, DisposableBean {

	/**
	 * Just after the sources of tokens, and before the web server, whose phase is
	 * {@code Integer.MAX_VALUE - 2048}.
	 */
	static final int PHASE = Integer.MAX_VALUE - 3071;

	private final ListableBeanFactory beanFactory;

	private final SpireIdentity identity;

	private final SpireObserver eventPublisher;

	private volatile boolean running;

	private boolean observing;

	SpireLifecycle(ListableBeanFactory beanFactory, SpireIdentity identity, SpireObserver eventPublisher) {
		this.beanFactory = beanFactory;
		this.identity = identity;
		this.eventPublisher = eventPublisher;
	}

	@Override
	public void start() {
		// that of a parent context is started and stopped there
		if (isOfThisContext()) {
			observe();
			this.identity.start();
			this.running = true;
		}
	}

	@Override
	public void stop() {
		this.running = false;
		this.identity.stop();
	}

	/**
	 * An identity that outlives the context is no longer observed for it.
	 */
	@Override
	public void destroy() {
		this.identity.removeObserver(this.eventPublisher);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	private void observe() {
		if (!this.observing) {
			this.observing = true;
			this.identity.addObserver(this.eventPublisher);
		}
	}

	private boolean isOfThisContext() {
		return this.beanFactory.getBeansOfType(SpireIdentity.class, false, true).containsValue(this.identity);
	}

}
