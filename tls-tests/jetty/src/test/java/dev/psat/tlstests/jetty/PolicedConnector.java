package dev.psat.tlstests.jetty;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.tlstests.Policy;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A further connector, which has a policy of its own.
 */
@Configuration(proxyBeanMethods = false)
class PolicedConnector {

	@Bean
	Policy policy() {
		return new Policy();
	}

	@Bean
	JettyServerCustomizer policedConnector(SpiffeSslBundle bundle, Policy policy) {
		return (server) -> {
			SslContextFactory.Server ssl = new SslContextFactory.Server();
			ssl.setSslContext(bundle.authorizing(policy).createSslContext());
			ssl.setNeedClientAuth(true);
			server.addConnector(new ServerConnector(server, ssl));
		};
	}

}
