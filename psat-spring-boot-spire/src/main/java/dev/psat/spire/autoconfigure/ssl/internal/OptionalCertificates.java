package dev.psat.spire.autoconfigure.ssl.internal;

import java.util.Locale;

import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.log.LogMessage;

public final class OptionalCertificates {

	private static final Log logger = LogFactory.getLog(SpiffeSslBundle.class);

	private OptionalCertificates() {
	}

	public static void warn(Enum<?> clientAuth, String server) {
		String value = clientAuth.name().toLowerCase(Locale.ROOT);
		logger.warn(value.equals("none")
				? LogMessage.format("'client-auth' is 'none': %s does not ask clients for a certificate, and "
						+ "'spire.bundle.authorized-clients' has no effect on it", server)
				: LogMessage.format("'client-auth' is '%s': %s also lets in clients without a certificate, and the "
						+ "application has to reject them itself", value, server));
	}

}
