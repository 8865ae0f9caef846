package dev.psat.spire.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;

import dev.psat.concurrent.Mishap;
import dev.psat.spire.SpiffeSslBundle;

/**
 * Notifies everything that was built with the SSL bundle of each new X.509-SVID. Nothing
 * in this library depends on it: the handlers belong to the application or to Spring
 * Boot, and the first one that throws keeps the others from being notified.
 */
final class SslBundleUpdates {

	private final OwnBundle own;

	private final @Nullable SslBundleRegistry registry;

	private final BundleServers servers;

	private final Mishap mishap = new Mishap(SpiffeSslBundle.class,
			"An update handler of the SSL bundle failed, and those after it were not notified of the new X.509-SVID");

	private SslBundleUpdates(OwnBundle own, @Nullable SslBundleRegistry registry, BundleServers servers) {
		this.own = own;
		this.registry = registry;
		this.servers = servers;
	}

	/**
	 * Create the updates of a registered bundle.
	 * @param own the bundle
	 * @param registry the registry with the bundle, {@code null} if the application does
	 * not use SSL bundles
	 * @param bundles the registry as {@link SslBundles}
	 * @param servers the servers that serve the bundle
	 * @return the updates
	 */
	static SslBundleUpdates of(OwnBundle own, @Nullable SslBundleRegistry registry, @Nullable SslBundles bundles,
			BundleServers servers) {
		if (bundles != null) {
			expectUpdates(own.name(), bundles);
			own.checkRegistered(bundles);
		}
		return new SslBundleUpdates(own, registry, servers);
	}

	/**
	 * Add an empty handler. Spring Boot warns about each update of a bundle without a
	 * handler, although this one does not need any.
	 */
	private static void expectUpdates(String name, SslBundles bundles) {
		try {
			bundles.addBundleUpdateHandler(name, (bundle) -> {
			});
		}
		catch (NoSuchSslBundleException ex) {
			throw new IllegalStateException(("The application's own SslBundleRegistry has no bundle '%s'. "
					+ "Apply every SslBundleRegistrar bean to it, as Spring Boot does")
				.formatted(name), ex);
		}
	}

	void update() {
		try {
			if (this.registry != null) {
				this.registry.updateBundle(this.own.name(), this.own.bundle());
			}
			this.mishap.over();
		}
		catch (RuntimeException | Error ex) {
			this.mishap.happened(ex);
		}
		this.servers.check();
	}

}
