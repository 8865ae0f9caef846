package dev.psat.spire.autoconfigure;

import java.util.concurrent.atomic.AtomicReference;

import dev.psat.spire.SpiffeSslBundle;
import dev.psat.spire.SpireIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;

/**
 * Provides the SSL bundle with the identity once that has been created. The bundle must
 * not depend on it, since the application's own attestor may use an HTTP client, which
 * requires all bundles.
 */
final class LateIdentity implements SpiffeSslBundle.IdentityReference {

	private final AtomicReference<@Nullable SpireIdentity> identity = new AtomicReference<>();

	/**
	 * Set the identity. That of a child context comes too late, and does not replace the
	 * one that the parent's servers present. A proxy need not have the key, so its target
	 * is taken.
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
