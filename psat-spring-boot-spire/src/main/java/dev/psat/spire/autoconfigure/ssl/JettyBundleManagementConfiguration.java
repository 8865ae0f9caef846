package dev.psat.spire.autoconfigure.ssl;

import org.eclipse.jetty.server.Server;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.context.annotation.Bean;

import dev.psat.spire.autoconfigure.BundleServers;

/**
 * Management context configuration for a separate management port, whose server is out of
 * reach of the application's customizers.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass({ Server.class, JettyWebServerFactory.class })
final class JettyBundleManagementConfiguration {

	@Bean
	static JettyBundleCustomizer spiffeJettyBundleManagementCustomizer(ObjectProvider<BundleServers> servers) {
		return new JettyBundleCustomizer("the management server", servers);
	}

}
