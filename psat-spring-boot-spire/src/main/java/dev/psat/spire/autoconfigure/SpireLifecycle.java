package dev.psat.spire.autoconfigure;

import java.util.List;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.internal.BundleServers;
import dev.psat.spire.internal.ServedIdentity;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.NamedBeanHolder;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.context.event.SpringApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;

/**
 * Waits for the first X.509-SVID only if a server serves the SSL bundle, or the
 * properties say so. Otherwise, the identity starts once the application is ready, or is
 * used.
 */
final class SpireLifecycle implements SmartLifecycle, ApplicationListener<SpringApplicationEvent>, DisposableBean {

	/**
	 * After token sources, and before web servers at {@code Integer.MAX_VALUE - 2048}.
	 */
	static final int PHASE = Integer.MAX_VALUE - 3071;

	/** Registered by a {@code SpringApplication}, which says when it is ready. */
	private static final String APPLICATION = "springApplicationArguments";

	private final SpireIdentity identity;

	private final boolean ofThisContext;

	private final IdentityChanges changes;

	private final StartupWait wait;

	private final BundleServers servers;

	private final PolicyBeans policies;

	private final ConfigurableListableBeanFactory beanFactory;

	private volatile boolean running;

	private volatile boolean ready;

	private boolean observing;

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
			this.running = true;
			if (!mayStartLate() || this.wait.isNeeded()) {
				this.identity.start();
			}
		}
		this.wait.await();
		// no sooner, since they may connect with the X.509-SVID
		this.policies.create();
		this.servers.awaitFromNowOn((server) -> this.wait.await(SvidNeed.toServe(List.of(server))));
	}

	/**
	 * If there is an application to become ready: the identity starts by itself if it is
	 * used.
	 */
	private boolean mayStartLate() {
		return !this.ready && this.beanFactory.containsLocalBean(APPLICATION)
				&& this.identity instanceof ServedIdentity;
	}

	/**
	 * Start what was put off. A runner may never return, or wait for the identity, so it
	 * comes before runners.
	 */
	@Override
	public void onApplicationEvent(SpringApplicationEvent event) {
		if (event instanceof ApplicationReadyEvent || (event instanceof ApplicationStartedEvent && hasRunner())) {
			this.ready = true;
			if (this.running && this.identity instanceof ServedIdentity<?> served) {
				served.startOnUse();
			}
		}
	}

	private boolean hasRunner() {
		return hasBean(ApplicationRunner.class) || hasBean(CommandLineRunner.class);
	}

	private boolean hasBean(Class<?> type) {
		return this.beanFactory.getBeanNamesForType(type, true, false).length > 0;
	}

	@Override
	public void stop() {
		this.running = false;
		this.identity.stop();
	}

	/** Stop observing an identity that outlives this context. */
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

	/**
	 * Looked up, since injection would choose one of several candidates by parameter
	 * name. One of a parent context is started and stopped by that context.
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

}
