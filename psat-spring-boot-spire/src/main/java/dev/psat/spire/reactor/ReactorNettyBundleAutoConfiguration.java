package dev.psat.spire.reactor;

import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import reactor.netty.http.server.HttpServer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for a Reactor Netty server that
 * serves the SSL bundle.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass({ HttpServer.class, NettyReactiveWebServerFactory.class,
		AbstractConfigurableWebServerFactory.class })
public final class ReactorNettyBundleAutoConfiguration {

	@Bean
	static ReactorNettyBundleCustomizer spireReactorNettyBundleCustomizer(ObjectProvider<SpireWiring> wiring) {
		return new ReactorNettyBundleCustomizer("the web server", wiring);
	}

}
