package dev.psat.spire.autoconfigure;

import java.util.List;

import dev.psat.spire.SpireIdentity;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.SmartLifecycle;

/**
 * {@link SmartLifecycle} that starts and stops the identity. It waits for the first
 * X.509-SVID only if a server of this application serves the SSL bundle, or the
 * properties say so.
 */
final class SpireLifecycle implements SmartLifecycle, DisposableBean {

	/**
	 * The phase: just after the token sources, and before the web server, whose phase is
	 * {@code Integer.MAX_VALUE - 2048}.
	 */
	static final int PHASE = Integer.MAX_VALUE - 3071;

	private final SpireIdentity identity;

	private final boolean ofThisContext;

	private final IdentityChanges changes;

	private final StartupWait wait;

	private final BundleServers servers;

	private final PolicyBeans policies;

	private final ConfigurableListableBeanFactory beanFactory;

	private volatile boolean running;

	private boolean observing;

	/**
	 * Create a lifecycle.
	 * @param identity the identity
	 * @param changes observes the identity
	 * @param wait waits for the first X.509-SVID
	 * @param servers the servers that serve the SSL bundle
	 * @param policies the policies that are beans
	 * @param beanFactory the bean factory of this context
	 */
	SpireLifecycle(TheIdentity identity, IdentityChanges changes, StartupWait wait, BundleServers servers,
			PolicyBeans policies, ConfigurableListableBeanFactory beanFactory) {
		this.identity = identity.bean();
		this.ofThisContext = identity.ofThisContext();
		this.changes = changes;
		this.wait = wait;
		this.servers = servers;
		this.policies = policies;
		this.beanFactory = beanFactory;
	}

	@Override
	public void start() {
		this.policies.checkComplete(this.beanFactory);
		// an identity from a parent context is started and stopped by that context
		if (this.ofThisContext) {
			observe();
			this.identity.start();
			this.running = true;
		}
		this.wait.await();
		// no sooner, since they may connect with the X.509-SVID
		this.policies.create();
		this.servers.awaitFromNowOn((server) -> this.wait.await(SvidNeed.toServe(List.of(server))));
	}

	@Override
	public void stop() {
		this.running = false;
		this.identity.stop();
	}

	/**
	 * Stop observing an identity that outlives this context.
	 */
	@Override
	public void destroy() {
		this.identity.removeObserver(this.changes);
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
			this.identity.addObserver(this.changes);
		}
	}

}
