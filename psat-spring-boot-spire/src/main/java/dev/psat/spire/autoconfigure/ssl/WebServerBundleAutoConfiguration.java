package dev.psat.spire.autoconfigure.ssl;

import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.internal.SpireWiring;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for what applies to the servers of
 * all contexts below that of the application.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass({ AbstractConfigurableWebServerFactory.class, WebServerInitializedEvent.class })
public final class WebServerBundleAutoConfiguration {

	@Bean
	static WebServerStartCheck spireWebServerStartCheck(ApplicationContext context, ObjectProvider<SpireWiring> wiring,
			ObjectProvider<SslBundles> bundles) {
		return new WebServerStartCheck(context, wiring, bundles);
	}

}
