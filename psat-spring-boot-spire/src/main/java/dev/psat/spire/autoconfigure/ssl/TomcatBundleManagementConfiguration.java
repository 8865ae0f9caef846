package dev.psat.spire.autoconfigure.ssl;

import org.apache.catalina.startup.Tomcat;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.context.annotation.Bean;

import dev.psat.spire.autoconfigure.BundleServers;

/**
 * Management context configuration for a separate management port, whose server is out of
 * reach of the application's customizers.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass({ Tomcat.class, TomcatWebServerFactory.class })
final class TomcatBundleManagementConfiguration {

	@Bean
	static TomcatBundleCustomizer spiffeTomcatBundleManagementCustomizer(ObjectProvider<BundleServers> servers) {
		return new TomcatBundleCustomizer("the management server", servers);
	}

}
