package dev.psat.spire.autoconfigure.ssl;

import dev.psat.spire.SpiffeSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.StringUtils;

/**
 * Finds {@link SpiffeSslBundle SPIFFE bundles}, including those with a separate policy,
 * under any name.
 */
final class SpiffeBundles {

	private SpiffeBundles() {
	}

	/**
	 * Find a bundle.
	 * @param bundles all bundles, {@code null} if there are none
	 * @param name the name of the bundle, {@code null} if there is none
	 * @return the bundle, {@code null} if there is none of that name, or it is not a
	 * {@link SpiffeSslBundle}
	 */
	static @Nullable SpiffeSslBundle find(@Nullable SslBundles bundles, @Nullable String name) {
		return (bundles != null && StringUtils.hasText(name) && bundles.getBundleNames().contains(name)
				&& bundles.getBundle(name) instanceof SpiffeSslBundle bundle) ? bundle : null;
	}

}
