package dev.psat.spire.autoconfigure;

import java.util.Map;

import dev.psat.autoconfigure.PsatProperties;
import dev.psat.autoconfigure.internal.TokenHalf;
import dev.psat.spire.autoconfigure.SpireProperties.Bundle.OpenConnections;
import dev.psat.spire.autoconfigure.authorization.internal.PeerLists;
import dev.psat.spire.autoconfigure.internal.BundleServers;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.Direction;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.env.Environment;

/**
 * What becomes of the properties before there is an identity; tells the token's half
 * whether it is needed. One bean, since each costs the start more than the classes behind
 * it.
 */
final class Wiring
		implements SpireWiring, TokenHalf, SmartLifecycle, ApplicationListener<ContextRefreshedEvent>, DisposableBean {

	/** Before the identity, so that what has changed meanwhile is known to its peers. */
	private static final int PHASE = Integer.MAX_VALUE - 3073;

	private final IdentityDoor door;

	private final PolicyBeans policies;

	private final PeerLists peers;

	private final OwnBundle own;

	private final IdentityBundles identityBundles;

	private final RegisteredBundles bundles;

	private final BundleServers servers;

	private volatile boolean running;

	Wiring(SpireProperties properties, PsatProperties psatProperties, Environment environment,
			ConfigurableListableBeanFactory beanFactory) {
		this.door = IdentityDoor.of(properties, psatProperties, environment,
				ServerConnection.isToldByBean(beanFactory));
		this.policies = PolicyBeans.in(beanFactory);
		ListKeys.check(environment);
		this.peers = this.door.isEnabled()
				? this.policies.replace(SpirePropertyRules.peers(properties, this.door.trustDomain()),
						properties.getBundle())
				: PeerLists.refusing("is not authorized, since the SPIRE identity is disabled");
		this.peers.readFirst();
		this.own = new OwnBundle(SpirePropertyRules.bundleName(properties), this.peers,
				SpirePropertyRules.options(properties),
				properties.getBundle().getOpenConnections() == OpenConnections.KEEP);
		this.identityBundles = new IdentityBundles(SpirePropertyRules.identityBundles(properties), this.own,
				this.door.isEnabled());
		this.bundles = new RegisteredBundles(this.own, this.identityBundles, this.policies);
		this.servers = new BundleServers(this.own.bundle(), this.peers.clients(),
				this.policies.nameFor(Direction.INBOUND));
	}

	IdentityDoor door() {
		return this.door;
	}

	PolicyBeans policies() {
		return this.policies;
	}

	OwnBundle own() {
		return this.own;
	}

	RegisteredBundles bundles() {
		return this.bundles;
	}

	@Override
	public SpiffeSslBundle bundle() {
		return this.own.bundle();
	}

	@Override
	public Map<String, IdentitySslBundle> identityBundles() {
		return this.identityBundles.byName();
	}

	@Override
	public PeerLists peers() {
		return this.peers;
	}

	@Override
	public BundleServers servers() {
		return this.servers;
	}

	@Override
	public boolean needed() {
		return this.door.tokenHalf().needed();
	}

	@Override
	public String message() {
		return this.door.tokenHalf().message();
	}

	@Override
	public @Nullable String advice() {
		return this.door.tokenHalf().advice();
	}

	/** A start can only be stopped in the thread that starts the context. */
	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		ApplicationContext context = event.getApplicationContext();
		if (context.getAutowireCapableBeanFactory() instanceof ConfigurableListableBeanFactory child) {
			this.policies.checkChild(context, child);
		}
	}

	@Override
	public void start() {
		this.running = true;
		this.peers.start();
	}

	@Override
	public void stop() {
		this.running = false;
		this.peers.stop();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/** What was given a bundle has been destroyed by now, since it was created later. */
	@Override
	public void destroy() {
		this.running = false;
		this.identityBundles.close();
		this.own.close();
		this.peers.close();
		this.policies.close();
	}

}
