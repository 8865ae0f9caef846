package dev.psat.spire.autoconfigure.ssl;

import dev.psat.spire.autoconfigure.SpireAutoConfiguration;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for waiting for the first X.509-SVID
 * if only the management server will serve it.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass({ ManagementContextFactory.class, WebServerApplicationContext.class })
public final class ManagementBundleAutoConfiguration {

	@Bean
	ManagementBundleDemand spireManagementBundleDemand(ApplicationContext context,
			ObjectProvider<ManagementContextFactory> factory, ObjectProvider<SslBundles> bundles) {
		return new ManagementBundleDemand(context, factory, bundles);
	}

}
