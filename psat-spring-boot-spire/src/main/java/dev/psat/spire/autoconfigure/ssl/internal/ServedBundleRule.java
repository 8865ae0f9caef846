package dev.psat.spire.autoconfigure.ssl.internal;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.ssl.IdentitySslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.StringUtils;

/**
 * Fails the start of a server with an {@link IdentitySslBundle}, which has no key for it:
 * it could complete no handshake, and a library may look for a key elsewhere.
 */
public final class ServedBundleRule {

	private ServedBundleRule() {
	}

	public static void check(@Nullable String name, @Nullable SslBundles bundles, String server) {
		if (SvidBundles.find(bundles, name) instanceof IdentitySslBundle) {
			throw new PsatStartupException(
					"%s is configured with the SSL bundle '%s', which is for clients alone: it has no key to serve, and authorizes no client."
						.formatted(StringUtils.capitalize(server), name),
					"Let it serve the SSL bundle of 'spire.bundle', which is named 'spire' by default and authorizes clients by their SPIFFE ID, or one with a certificate of its own.");
		}
	}

}
