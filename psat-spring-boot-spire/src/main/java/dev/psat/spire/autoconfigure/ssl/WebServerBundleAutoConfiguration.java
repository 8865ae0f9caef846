package dev.psat.spire.autoconfigure.ssl;

import dev.psat.spire.autoconfigure.BundleServers;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for what applies to the servers of
 * all contexts below that of the application.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass(AbstractConfigurableWebServerFactory.class)
public final class WebServerBundleAutoConfiguration {

	@Bean
	WebServerStartCheck spiffeWebServerStartCheck(ObjectProvider<BundleServers> servers) {
		return new WebServerStartCheck(servers);
	}

}
