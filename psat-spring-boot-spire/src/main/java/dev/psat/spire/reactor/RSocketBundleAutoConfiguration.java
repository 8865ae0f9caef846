package dev.psat.spire.reactor;

import dev.psat.spire.autoconfigure.BundleUse;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.UnknownSpringBoot;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for an application with an RSocket
 * server, which must not serve the SSL bundle.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass(name = "io.rsocket.core.RSocketServer")
public final class RSocketBundleAutoConfiguration {

	/**
	 * Create the rule for a Spring Boot that lacks what is needed here.
	 */
	@Bean
	@ConditionalOnMissingBean(name = "spireRSocketBundleRule")
	static UnknownSpringBoot spireUnknownRSocketServer() {
		return new UnknownSpringBoot(BundleUse.RSOCKET_SERVER);
	}

	/**
	 * For what the properties of a server say.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Ssl.class)
	static final class OnKnownSpringBoot {

		@Bean
		RSocketBundleRule spireRSocketBundleRule(Environment environment, ObjectProvider<SslBundles> bundles) {
			return new RSocketBundleRule(environment, bundles.getIfUnique());
		}

	}

}
