package dev.psat.spire.reactor;

import dev.psat.spire.autoconfigure.internal.SpireWiring;
import reactor.netty.http.server.HttpServer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.context.annotation.Bean;

/**
 * {@link ManagementContextConfiguration @ManagementContextConfiguration} for a management
 * server of its own, which is the same server in another context.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass({ HttpServer.class, NettyReactiveWebServerFactory.class,
		AbstractConfigurableWebServerFactory.class })
final class ReactorNettyBundleManagementConfiguration {

	@Bean
	static ReactorNettyBundleCustomizer spireReactorNettyBundleManagementCustomizer(
			ObjectProvider<SpireWiring> wiring) {
		return new ReactorNettyBundleCustomizer("the management server", wiring);
	}

}
