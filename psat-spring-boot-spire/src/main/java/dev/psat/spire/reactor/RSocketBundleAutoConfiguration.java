package dev.psat.spire.reactor;

import dev.psat.spire.autoconfigure.SpireAutoConfiguration;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for an application with an RSocket
 * server, which must not serve the SSL bundle.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass(name = "io.rsocket.core.RSocketServer", value = Ssl.class)
public final class RSocketBundleAutoConfiguration {

	@Bean
	RSocketBundleRule spireRSocketBundleRule(Environment environment, ObjectProvider<SslBundles> bundles) {
		return new RSocketBundleRule(environment, bundles.getIfUnique());
	}

}
