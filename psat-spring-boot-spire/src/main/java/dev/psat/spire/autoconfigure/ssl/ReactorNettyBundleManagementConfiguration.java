package dev.psat.spire.autoconfigure.ssl;

import reactor.netty.http.server.HttpServer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;

import dev.psat.spire.autoconfigure.BundleServers;

/**
 * The same for a management port of its own, whose server the customizers of the
 * application do not see.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass({ HttpServer.class, NettyReactiveWebServerFactory.class })
final class ReactorNettyBundleManagementConfiguration {

	@Bean
	static ReactorNettyBundleCustomizer spiffeReactorNettyBundleManagementCustomizer(
			ObjectProvider<BundleServers> servers) {
		return new ReactorNettyBundleCustomizer("the management server", servers);
	}

}
