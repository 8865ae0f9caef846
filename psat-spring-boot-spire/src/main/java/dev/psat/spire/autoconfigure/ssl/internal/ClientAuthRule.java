package dev.psat.spire.autoconfigure.ssl.internal;

import dev.psat.spire.ssl.SpiffeSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.server.Ssl.ClientAuth;

/**
 * Decides whether clients need a certificate. Unless the application says otherwise they
 * do, since a client without one cannot be identified.
 */
public final class ClientAuthRule {

	private ClientAuthRule() {
	}

	public static ClientAuth of(@Nullable ClientAuth configured, String server) {
		if (configured == null || configured == ClientAuth.NEED) {
			return ClientAuth.NEED;
		}
		OptionalCertificates.warn(configured, server);
		return configured;
	}

	/**
	 * A bundle that is not told otherwise has no key for a server that does not require a
	 * certificate.
	 */
	public static SpiffeSslBundle served(SpiffeSslBundle bundle, ClientAuth clientAuth) {
		return (clientAuth == ClientAuth.NEED) ? bundle : bundle.withOptionalCertificates();
	}

}
