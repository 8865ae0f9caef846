package dev.psat.tlstests.tomcat;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tomcat.SpiffeTomcatConnectorCustomizer;
import dev.psat.tlstests.Policy;
import org.apache.catalina.connector.Connector;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application with a further connector, which has a policy of its own.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@RestController
class TomcatApplication {

	@GetMapping("/greeting")
	String greeting() {
		return "hello";
	}

	@Bean
	Policy policy() {
		return new Policy();
	}

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> policedConnector(SpiffeSslBundle bundle, Policy policy) {
		return (factory) -> {
			Connector connector = new Connector();
			connector.setPort(0);
			new SpiffeTomcatConnectorCustomizer(bundle.authorizing(policy)).customize(connector);
			factory.addAdditionalConnectors(connector);
		};
	}

}
