package dev.psat.spire.autoconfigure;

import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.PeerPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * A bean that is created before the servers start, or by an earlier handshake, but not
 * with the SSL bundle: it may use a repository, whose connections need that.
 */
final class PolicyBean implements PeerPolicy {

	private final String name;

	private final ConfigurableListableBeanFactory beanFactory;

	private final AtomicReference<@Nullable PeerPolicy> bean = new AtomicReference<>();

	PolicyBean(String name, ConfigurableListableBeanFactory beanFactory) {
		this.name = name;
		this.beanFactory = beanFactory;
	}

	String name() {
		return this.name;
	}

	boolean is(String name, ConfigurableListableBeanFactory beanFactory) {
		return this.name.equals(name) && this.beanFactory == beanFactory;
	}

	@Override
	public @Nullable String refusal(SpiffeId peer) {
		return bean().refusal(peer);
	}

	@Override
	public Set<TrustDomain> trustDomains() {
		return bean().trustDomains();
	}

	/**
	 * A handshake never waits for a bean in creation, whose thread may wait for the
	 * handshake.
	 */
	PeerPolicy bean() {
		PeerPolicy bean = this.bean.get();
		if (bean == null) {
			if (this.beanFactory.isCurrentlyInCreation(this.name)) {
				throw new IllegalStateException("The PeerPolicy bean '%s' is being created".formatted(this.name));
			}
			bean = this.beanFactory.getBean(this.name, PeerPolicy.class);
			// a prototype counts once
			this.bean.compareAndSet(null, bean);
		}
		return bean;
	}

}
