package dev.psat.spire.tomcat;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.autoconfigure.internal.ClientAuthRule;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import dev.psat.spire.autoconfigure.internal.WebServerBundleCustomizer;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfig.CertificateVerification;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.tomcat.SslConnectorCustomizer;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ClientAuth;
import org.springframework.boot.web.server.Ssl.ServerNameSslBundle;
import org.springframework.context.annotation.Bean;
import org.springframework.core.log.LogMessage;
import org.springframework.util.StringUtils;

/**
 * Has the context of the SSL bundle used rather than stores, which check no SPIFFE ID,
 * and so hold no key.
 */
final class TomcatBundleCustomizer extends WebServerBundleCustomizer<TomcatWebServerFactory> {

	private static final Log logger = LogFactory.getLog(SpiffeSslBundle.class);

	TomcatBundleCustomizer(String server, ObjectProvider<SpireWiring> wiring) {
		super(TomcatWebServerFactory.class, server, wiring);
	}

	@Override
	protected void customize(TomcatWebServerFactory factory) {
		factory.addConnectorCustomizers((connector) -> customize(factory, connector));
	}

	private void customize(TomcatWebServerFactory factory, Connector connector) {
		Ssl ssl = ssl(factory);
		if (ssl != null && connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol) {
			Map<String, SpiffeSslBundle> hosts = hosts(factory, ssl, protocol);
			if (!hosts.isEmpty()) {
				TomcatReloadCheck.check(hosts.values().iterator().next(), server());
				serve(connector, protocol, hosts, serve(factory, ssl, hosts.values()));
			}
		}
	}

	private static Map<String, SpiffeSslBundle> hosts(TomcatWebServerFactory factory, Ssl ssl,
			AbstractHttp11Protocol<?> protocol) {
		Map<String, SpiffeSslBundle> hosts = new LinkedHashMap<>();
		add(hosts, protocol.getDefaultSSLHostConfigName(), bundle(factory, ssl.getBundle()));
		for (ServerNameSslBundle named : ssl.getServerNameBundles()) {
			add(hosts, named.serverName(), bundle(factory, named.bundle()));
		}
		return hosts;
	}

	private static void add(Map<String, SpiffeSslBundle> hosts, String hostName, @Nullable SslBundle bundle) {
		if (bundle instanceof SpiffeSslBundle ours) {
			hosts.put(hostName.toLowerCase(Locale.ROOT), ours);
		}
	}

	private void serve(Connector connector, AbstractHttp11Protocol<?> protocol, Map<String, SpiffeSslBundle> hosts,
			ClientAuth clientAuth) {
		CertificateVerification verification = Objects.requireNonNull(ClientAuth.map(clientAuth,
				CertificateVerification.NONE, CertificateVerification.OPTIONAL, CertificateVerification.REQUIRED));
		hosts.forEach((hostName, bundle) -> {
			SpiffeTomcatConnectorCustomizer customizer = new SpiffeTomcatConnectorCustomizer(
					ClientAuthRule.served(bundle, clientAuth), Set.of(hostName), verification);
			customizer.customize(connector);
			afterUpdate(() -> check(connector, customizer));
		});
		for (SSLHostConfig host : protocol.findSslHostConfigs()) {
			if (!hosts.containsKey(host.getHostName().toLowerCase(Locale.ROOT))) {
				logger.warn(LogMessage.format("%s serves the host '%s' with another SSL bundle: whoever may call "
						+ "that host reaches the same application", capitalizedServer(), host.getHostName()));
			}
		}
	}

	private void check(Connector connector, SpiffeTomcatConnectorCustomizer customizer) {
		if (connector.getState().isAvailable() && !customizer.isInForce(connector)) {
			logger.error(LogMessage.format(
					"%s no longer serves the SSL bundle as it was customized to, so anybody could connect. Its connector is stopped",
					capitalizedServer()));
			connector.pause();
			try {
				connector.stop();
			}
			catch (LifecycleException ex) {
				logger.error(LogMessage.format("%s could not be stopped", capitalizedServer()), ex);
			}
		}
	}

	@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
	@ConditionalOnClass({ Tomcat.class, TomcatWebServerFactory.class, AbstractConfigurableWebServerFactory.class })
	static final class ManagementConfiguration {

		@Bean
		static TomcatBundleCustomizer spireTomcatBundleManagementCustomizer(ObjectProvider<SpireWiring> wiring) {
			return new TomcatBundleCustomizer("the management server", wiring);
		}

	}

	/**
	 * Fails the start on a Spring Boot that recreates the host with each update of an SSL
	 * bundle, without the context that decides who may connect. Its number would be no
	 * guide, since the change was ported to older lines.
	 */
	static final class TomcatReloadCheck {

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

}
