package dev.psat.spire.autoconfigure;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.SpiffeSslBundle;

import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.core.Ordered;

/**
 * {@link SslBundleRegistrar} for the SSL bundle. It comes after those of the application,
 * whose names take precedence.
 */
final class SpiffeSslBundleRegistrar implements SslBundleRegistrar, Ordered {

	private final String name;

	private final SpiffeSslBundle bundle;

	SpiffeSslBundleRegistrar(String name, SpiffeSslBundle bundle) {
		this.name = name;
		this.bundle = bundle;
	}

	@Override
	public void registerBundles(SslBundleRegistry registry) {
		try {
			registry.registerBundle(this.name, this.bundle);
		}
		catch (IllegalStateException ex) {
			PsatStartupException failure = PsatStartupException.ofProperty("bundle.name", this.name,
					"The application already has an SSL bundle of this name.",
					"Set it to another name, or rename the bundle of the application.");
			failure.initCause(ex);
			throw failure;
		}
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
