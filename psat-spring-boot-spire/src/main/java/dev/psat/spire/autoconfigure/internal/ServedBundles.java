package dev.psat.spire.autoconfigure.internal;

import java.util.stream.Stream;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.ssl.IdentitySslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ServerNameSslBundle;
import org.springframework.util.StringUtils;

/**
 * The SSL bundles of the identity that a server is to serve.
 */
public final class ServedBundles {

	private ServedBundles() {
	}

	public static Stream<String> names(@Nullable Ssl ssl) {
		return (ssl != null && Ssl.isEnabled(ssl)) ? Stream.concat(Stream.ofNullable(ssl.getBundle()),
				ssl.getServerNameBundles().stream().map(ServerNameSslBundle::bundle)) : Stream.empty();
	}

	/** Check all, and return whether one of them authorizes clients. */
	public static boolean check(@Nullable Ssl ssl, @Nullable SslBundles bundles, String server) {
		names(ssl).forEach((name) -> check(name, bundles, server));
		return names(ssl).anyMatch((name) -> SvidBundles.findSpiffe(bundles, name) != null);
	}

	/**
	 * Fails for an {@link IdentitySslBundle}: without a key, a server could complete no
	 * handshake, and a library may look for one elsewhere.
	 */
	public static void check(@Nullable String name, @Nullable SslBundles bundles, String server) {
		if (SvidBundles.find(bundles, name) instanceof IdentitySslBundle) {
			throw new PsatStartupException(
					"%s is configured with the SSL bundle '%s', which is for clients alone: it has no key to serve, and authorizes no client."
						.formatted(StringUtils.capitalize(server), name),
					"Let it serve the SSL bundle of 'spire.bundle', which is named 'spire' by default and authorizes clients by their SPIFFE ID, or one with a certificate of its own.");
		}
	}

}
