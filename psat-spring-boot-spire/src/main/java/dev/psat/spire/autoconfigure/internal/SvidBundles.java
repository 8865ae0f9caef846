package dev.psat.spire.autoconfigure.internal;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.ssl.SvidSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.StringUtils;

/**
 * Finds SSL bundles of the identity by any name, also of those that the application has
 * registered.
 */
public final class SvidBundles {

	private SvidBundles() {
	}

	public static @Nullable SvidSslBundle find(@Nullable SslBundles bundles, @Nullable String name) {
		return (bundles != null && StringUtils.hasText(name) && bundles.getBundleNames().contains(name)
				&& bundles.getBundle(name) instanceof SvidSslBundle bundle) ? bundle : null;
	}

	/** Find a bundle that authorizes peers by their SPIFFE ID, with any policy. */
	public static @Nullable SpiffeSslBundle findSpiffe(@Nullable SslBundles bundles, @Nullable String name) {
		return (find(bundles, name) instanceof SpiffeSslBundle bundle) ? bundle : null;
	}

}
