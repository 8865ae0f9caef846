package dev.psat.spire.autoconfigure.ssl;

import dev.psat.spire.autoconfigure.BundleServers;
import dev.psat.spire.autoconfigure.BundleUse;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.UnknownSpringBoot;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.server.Server;
import reactor.netty.http.server.HttpServer;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for what applies to the servers of
 * all contexts below that of the application.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@Conditional(WebServerBundleAutoConfiguration.OnWebServer.class)
public final class WebServerBundleAutoConfiguration {

	/**
	 * Create the rule for a Spring Boot that lacks what is needed here. Where nothing
	 * serves, properties of servers mean nothing.
	 */
	@Bean
	@ConditionalOnWebApplication
	@ConditionalOnMissingBean(name = "spireWebServerStartCheck")
	static UnknownSpringBoot spireUnknownWebServer() {
		return new UnknownSpringBoot(BundleUse.WEB_SERVERS);
	}

	/**
	 * Create the rule for child contexts of an application that serves nothing itself.
	 */
	@Bean
	@ConditionalOnNotWebApplication
	@ConditionalOnMissingBean(name = "spireWebServerStartCheck")
	static UnknownSpringBoot spireUnknownWebServerBelow(ListableBeanFactory beanFactory) {
		return UnknownSpringBoot.below(beanFactory, BundleUse.WEB_SERVERS);
	}

	/**
	 * For the servers that Spring Boot creates.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ AbstractConfigurableWebServerFactory.class, WebServerInitializedEvent.class })
	static final class OnKnownSpringBoot {

		@Bean
		static UnknownWebServerCheck spireUnknownWebServerCheck() {
			return new UnknownWebServerCheck();
		}

		@Bean
		WebServerStartCheck spireWebServerStartCheck(ObjectProvider<BundleServers> servers) {
			return new WebServerStartCheck(servers);
		}

	}

	/**
	 * Matches with any web server.
	 */
	static final class OnWebServer extends AnyNestedCondition {

		OnWebServer() {
			super(ConfigurationPhase.PARSE_CONFIGURATION);
		}

		@ConditionalOnClass(Tomcat.class)
		static final class OnTomcat {

		}

		@ConditionalOnClass(Server.class)
		static final class OnJetty {

		}

		@ConditionalOnClass(HttpServer.class)
		static final class OnReactorNetty {

		}

		@ConditionalOnClass(AbstractConfigurableWebServerFactory.class)
		static final class OnAnyOther {

		}

	}

}
