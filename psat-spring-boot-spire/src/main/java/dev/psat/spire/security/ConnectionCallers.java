package dev.psat.spire.security;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;
import org.springframework.util.Assert;

/** The caller of a request, by the TLS connection that it came by. */
final class ConnectionCallers {

	private static final Log logger = LogFactory.getLog(ConnectionCallers.class);

	private final List<PeerCertificates> servers = PeerCertificates.ofServersOnClassPath();

	private final SpiffeSslBundle bundle;

	ConnectionCallers(SpiffeSslBundle bundle) {
		Assert.notNull(bundle, "'bundle' must not be null");
		this.bundle = bundle;
	}

	/**
	 * {@code null} if the bundle would not let the caller in.
	 */
	@Nullable String identify(Object request) {
		List<X509Certificate> chain = this.servers.stream()
			.map((server) -> server.of(request))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
		if (chain == null) {
			logger.debug("The connection of the request has no certificate of its caller");
			return null;
		}
		try {
			return this.bundle.verifyClient(chain).toString();
		}
		catch (CertificateException ex) {
			logger.debug(LogMessage.format("The connection of the request identifies nobody: %s", ex.getMessage()));
			return null;
		}
	}

}
