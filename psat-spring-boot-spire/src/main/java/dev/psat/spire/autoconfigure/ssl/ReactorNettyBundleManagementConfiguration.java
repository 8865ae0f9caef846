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
 * Management context configuration for a separate management port, whose server is out of
 * reach of the application's customizers.
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
