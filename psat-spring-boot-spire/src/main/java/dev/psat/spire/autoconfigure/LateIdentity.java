package dev.psat.spire.autoconfigure;

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;

import dev.psat.spire.SpiffeSslBundle;
import dev.psat.spire.SpireIdentity;

/**
 * Leads the SSL bundle to the identity once that is made. The bundle does not depend on
 * it: the application's own attestor may use an HTTP client, which asks for all bundles.
 */
final class LateIdentity implements SpiffeSslBundle.IdentityReference {

	private final AtomicReference<@Nullable SpireIdentity> identity = new AtomicReference<>();

	/**
	 * Record that the identity is made. That of a child context comes too late, and does
	 * not replace the one that the servers of its parent present. A proxy has no key.
	 * @param identity the identity
	 */
	void made(SpireIdentity identity) {
		Object target = AopProxyUtils.getSingletonTarget(identity);
		this.identity.compareAndSet(null, (target instanceof SpireIdentity proxied) ? proxied : identity);
	}

	@Override
	public @Nullable SpireIdentity identity() {
		return this.identity.get();
	}

}
