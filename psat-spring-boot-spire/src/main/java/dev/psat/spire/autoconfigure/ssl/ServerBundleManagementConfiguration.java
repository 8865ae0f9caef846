package dev.psat.spire.autoconfigure.ssl;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.context.annotation.Bean;

/**
 * Management context configuration for a separate management port, whose server is out of
 * reach of the application's customizers.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass(AbstractConfigurableWebServerFactory.class)
final class ServerBundleManagementConfiguration {

	@Bean
	static UnknownWebServerCheck spireUnknownManagementServerCheck() {
		return new UnknownWebServerCheck();
	}

}
