package dev.psat.spire.tomcat;

import dev.psat.spire.autoconfigure.internal.SpireWiring;
import org.apache.catalina.startup.Tomcat;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.context.annotation.Bean;

/**
 * {@link ManagementContextConfiguration @ManagementContextConfiguration} for a management
 * server of its own, which is the same server in another context.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass({ Tomcat.class, TomcatWebServerFactory.class, AbstractConfigurableWebServerFactory.class })
final class TomcatBundleManagementConfiguration {

	@Bean
	static TomcatBundleCustomizer spireTomcatBundleManagementCustomizer(ObjectProvider<SpireWiring> wiring) {
		return new TomcatBundleCustomizer("the management server", wiring);
	}

}
