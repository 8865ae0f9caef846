package dev.psat.spire.autoconfigure;

import dev.psat.spire.ssl.SvidSslBundle;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.log.LogMessage;

/**
 * Warns of properties that name an SSL bundle of the SPIRE identity, and of which nothing
 * is known.
 */
final class UnknownBundleProperties {

	private static final Log logger = LogFactory.getLog(SvidSslBundle.class);

	private UnknownBundleProperties() {
	}

	static void warn(BeanFactory beanFactory) {
		new NamedBundles(beanFactory).ofUnknown()
			.forEach((property, bundle) -> logger.warn(LogMessage.format(
					"'%s' names the SSL bundle '%s' of the SPIRE identity, but this version knows nothing of that property. "
							+ "Make sure that connections with it use TLS, and that the context of the bundle decides on each",
					property, bundle)));
	}

}
