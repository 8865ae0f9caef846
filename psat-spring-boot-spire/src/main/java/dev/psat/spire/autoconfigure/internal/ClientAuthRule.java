package dev.psat.spire.autoconfigure.internal;

import java.util.Locale;

import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.server.Ssl.ClientAuth;
import org.springframework.core.log.LogMessage;

/**
 * Clients need a certificate unless the application says otherwise: without, they have no
 * name.
 */
public final class ClientAuthRule {

	private static final Log logger = LogFactory.getLog(SpiffeSslBundle.class);

	private ClientAuthRule() {
	}

	public static ClientAuth of(@Nullable ClientAuth configured, String server) {
		if (configured == null || configured == ClientAuth.NEED) {
			return ClientAuth.NEED;
		}
		warn(configured.name(), server);
		return configured;
	}

	/** By name, since a gRPC server may lack the class of Spring Boot's web servers. */
	public static void warn(String clientAuth, String server) {
		String value = clientAuth.toLowerCase(Locale.ROOT);
		logger.warn(value.equals("none")
				? LogMessage.format("'client-auth' is 'none': %s does not ask clients for a certificate, and "
						+ "'spire.bundle.authorized-clients' has no effect on it", server)
				: LogMessage.format("'client-auth' is '%s': %s also lets in clients without a certificate, and the "
						+ "application has to reject them itself", value, server));
	}

	/**
	 * Otherwise, a bundle has no key for a server that does not require a certificate.
	 */
	public static SpiffeSslBundle served(SpiffeSslBundle bundle, ClientAuth clientAuth) {
		return (clientAuth == ClientAuth.NEED) ? bundle : bundle.withOptionalCertificates();
	}

}
