package dev.psat.spire.tomcat;

import java.util.Map;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.catalina.connector.Connector;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.tomcat.SslConnectorCustomizer;
import org.springframework.boot.web.server.Ssl.ClientAuth;
import org.springframework.util.StringUtils;

/**
 * Fails the start on a version of Spring Boot that would undo this configuration: some
 * recreate Tomcat's host with each update of an SSL bundle, without the context that
 * decides who may connect. Their numbers would be no guide, since the change was ported
 * to older lines.
 */
final class TomcatReloadCheck {

	private TomcatReloadCheck() {
	}

	static void check(SpiffeSslBundle bundle, String server) {
		if (!survivesUpdate(new SpiffeTomcatConnectorCustomizer(bundle))) {
			throw new PsatStartupException(
					"%s serves the SSL bundle of the SPIRE identity on Tomcat, which is not safe on Spring Boot %s."
						.formatted(StringUtils.capitalize(server), SpringBootVersion.getVersion()),
					"Upgrade Spring Boot to 4.0.9 or 4.1.2 or later, or serve the bundle on another web server.");
		}
	}

	/** On a connector that is never started. */
	private static boolean survivesUpdate(SpiffeTomcatConnectorCustomizer customizer) {
		Connector connector = new Connector();
		SslBundle other = SslBundle.of(SslStoreBundle.NONE);
		SslConnectorCustomizer springBoot = new SslConnectorCustomizer(LogFactory.getLog(TomcatReloadCheck.class),
				connector, ClientAuth.NEED);
		springBoot.customize(other, Map.of());
		customizer.customize(connector);
		springBoot.update(null, other);
		return customizer.isInForce(connector);
	}

}
