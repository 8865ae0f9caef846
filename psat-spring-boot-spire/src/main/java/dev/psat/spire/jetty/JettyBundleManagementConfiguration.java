package dev.psat.spire.jetty;

import dev.psat.spire.autoconfigure.internal.SpireWiring;
import org.eclipse.jetty.server.Server;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.context.annotation.Bean;

/**
 * {@link ManagementContextConfiguration @ManagementContextConfiguration} for a management
 * server of its own, which is the same server in another context.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass({ Server.class, JettyWebServerFactory.class, AbstractConfigurableWebServerFactory.class })
final class JettyBundleManagementConfiguration {

	@Bean
	static JettyBundleCustomizer spireJettyBundleManagementCustomizer(ObjectProvider<SpireWiring> wiring) {
		return new JettyBundleCustomizer("the management server", wiring);
	}

}
