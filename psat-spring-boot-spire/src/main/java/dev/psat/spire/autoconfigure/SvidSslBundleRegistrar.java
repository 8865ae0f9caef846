package dev.psat.spire.autoconfigure;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.autoconfigure.internal.OwnBundle;

import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.core.Ordered;

/**
 * {@link SslBundleRegistrar} for the SSL bundles of the identity. It comes after those of
 * the application, whose names take precedence.
 */
final class SvidSslBundleRegistrar implements SslBundleRegistrar, Ordered {

	private final OwnBundle own;

	private final IdentityBundles identityBundles;

	private final PolicyBundles policyBundles;

	SvidSslBundleRegistrar(OwnBundle own, IdentityBundles identityBundles, PolicyBundles policyBundles) {
		this.own = own;
		this.identityBundles = identityBundles;
		this.policyBundles = policyBundles;
	}

	@Override
	public void registerBundles(SslBundleRegistry registry) {
		try {
			registry.registerBundle(this.own.name(), this.own.bundle());
		}
		catch (IllegalStateException ex) {
			PsatStartupException failure = PsatStartupException.ofProperty("bundle.name", this.own.name(),
					"The application already has an SSL bundle of this name.",
					"Set it to another name, or rename the bundle of the application.");
			failure.initCause(ex);
			throw failure;
		}
		this.identityBundles.register(registry);
		this.policyBundles.register(registry);
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
