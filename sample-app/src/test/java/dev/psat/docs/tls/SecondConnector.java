package dev.psat.docs.tls;

// tag::connector[]
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tomcat.SpiffeTomcatConnectorCustomizer;
// end::connector[]
import org.apache.catalina.connector.Connector;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

// tag::connector[]
@Configuration(proxyBeanMethods = false)
class SecondConnector {

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> spireConnector(SpiffeSslBundle bundle,
			@Value("${inventory.spire-port:9443}") int port) {
		return (factory) -> {
			Connector connector = new Connector();
			connector.setPort(port);
			new SpiffeTomcatConnectorCustomizer(bundle).customize(connector);
			factory.addAdditionalConnectors(connector);
		};
	}

}
// end::connector[]
