package dev.psat.spire.jetty;

import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import org.eclipse.jetty.server.Server;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for a Jetty server that serves the
 * SSL bundle.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass({ Server.class, JettyWebServerFactory.class, AbstractConfigurableWebServerFactory.class })
public final class JettyBundleAutoConfiguration {

	@Bean
	static JettyBundleCustomizer spireJettyBundleCustomizer(ObjectProvider<SpireWiring> wiring) {
		return new JettyBundleCustomizer("the web server", wiring);
	}

}
