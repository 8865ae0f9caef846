package dev.psat.spire.autoconfigure.ssl;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.server.Ssl.ClientAuth;

/**
 * Whether clients need a certificate. They do, unless the application says otherwise:
 * without one nobody is identified.
 */
final class ClientAuthRule {

	private ClientAuthRule() {
	}

	/**
	 * Return what holds for a server with the SSL bundle.
	 * @param configured the property {@code ssl.client-auth}, {@code null} if it is not
	 * set
	 * @param server what to call the server
	 * @return what holds
	 */
	static ClientAuth of(@Nullable ClientAuth configured, String server) {
		if (configured == null || configured == ClientAuth.NEED) {
			return ClientAuth.NEED;
		}
		OptionalCertificates.warn(configured, server);
		return configured;
	}

}
