package dev.psat.spire.autoconfigure.ssl;

import dev.psat.spire.autoconfigure.BundleServers;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.server.Server;
import reactor.netty.http.server.HttpServer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Management context configuration for a separate management port, whose server is out of
 * reach of the application's customizers.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass(AbstractConfigurableWebServerFactory.class)
final class ServerBundleManagementConfiguration {

	private static final String SERVER = "the management server";

	@Bean
	static UnknownWebServerCheck spireUnknownManagementServerCheck() {
		return new UnknownWebServerCheck();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Tomcat.class, TomcatWebServerFactory.class })
	static final class OnTomcat {

		@Bean
		static TomcatBundleCustomizer spireTomcatBundleManagementCustomizer(ObjectProvider<BundleServers> servers) {
			return new TomcatBundleCustomizer(SERVER, servers);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Server.class, JettyWebServerFactory.class })
	static final class OnJetty {

		@Bean
		static JettyBundleCustomizer spireJettyBundleManagementCustomizer(ObjectProvider<BundleServers> servers) {
			return new JettyBundleCustomizer(SERVER, servers);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HttpServer.class, NettyReactiveWebServerFactory.class })
	static final class OnReactorNetty {

		@Bean
		static ReactorNettyBundleCustomizer spireReactorNettyBundleManagementCustomizer(
				ObjectProvider<BundleServers> servers) {
			return new ReactorNettyBundleCustomizer(SERVER, servers);
		}

	}

}
