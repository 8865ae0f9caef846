package dev.psat.spire.jetty;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import dev.psat.spire.autoconfigure.internal.ClientAuthRule;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import dev.psat.spire.autoconfigure.internal.WebServerBundleCustomizer;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ClientAuth;
import org.springframework.context.annotation.Bean;

/**
 * Has the context of the SSL bundle used rather than stores, which check no SPIFFE ID,
 * and so hold no key.
 */
final class JettyBundleCustomizer extends WebServerBundleCustomizer<JettyWebServerFactory> {

	JettyBundleCustomizer(String server, ObjectProvider<SpireWiring> wiring) {
		super(JettyWebServerFactory.class, server, wiring);
	}

	/**
	 * First, while there is only the connector of Spring Boot: those that the application
	 * adds may serve anything else.
	 */
	@Override
	protected void customize(JettyWebServerFactory factory) {
		List<JettyServerCustomizer> customizers = new ArrayList<>();
		customizers.add((server) -> customize(factory, server));
		customizers.addAll(factory.getServerCustomizers());
		factory.setServerCustomizers(customizers);
	}

	private void customize(JettyWebServerFactory factory, Server server) {
		Ssl ssl = ssl(factory);
		if (ssl != null && bundle(factory, ssl.getBundle()) instanceof SpiffeSslBundle bundle) {
			ClientAuth clientAuth = serve(factory, ssl, List.of(bundle));
			for (Connector connector : server.getConnectors()) {
				serve(connector, ClientAuthRule.served(bundle, clientAuth), clientAuth);
			}
		}
	}

	private static void serve(Connector connector, SpiffeSslBundle bundle, ClientAuth clientAuth) {
		JettyRetirement retirement = new JettyRetirement(bundle, connector.getServer());
		SslConnectionFactory ssl = connector.getConnectionFactory(SslConnectionFactory.class);
		ssl.addBean(retirement);
		SslContextFactory.Server context = ssl.getSslContextFactory();
		context.setSslContext(bundle.createSslContext());
		if (clientAuth == ClientAuth.NEED) {
			context.setNeedClientAuth(true);
		}
		Set<HttpConfiguration> configurations = Collections.newSetFromMap(new IdentityHashMap<>());
		for (ConnectionFactory factory : connector.getConnectionFactories()) {
			if (factory instanceof HttpConfiguration.ConnectionFactory http) {
				configurations.add(http.getHttpConfiguration());
			}
		}
		configurations.forEach((configuration) -> {
			ignoreHostNames(configuration);
			configuration.addCustomizer(retirement);
		});
	}

	/**
	 * Jetty refuses a host that the certificate does not name, and an X.509-SVID names
	 * none.
	 */
	private static void ignoreHostNames(HttpConfiguration configuration) {
		SecureRequestCustomizer customizer = configuration.getCustomizer(SecureRequestCustomizer.class);
		if (customizer != null) {
			customizer.setSniHostCheck(false);
			customizer.setSniRequired(false);
		}
	}

	@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
	@ConditionalOnClass({ Server.class, JettyWebServerFactory.class, AbstractConfigurableWebServerFactory.class })
	static final class ManagementConfiguration {

		@Bean
		static JettyBundleCustomizer spireJettyBundleManagementCustomizer(ObjectProvider<SpireWiring> wiring) {
			return new JettyBundleCustomizer("the management server", wiring);
		}

	}

}
