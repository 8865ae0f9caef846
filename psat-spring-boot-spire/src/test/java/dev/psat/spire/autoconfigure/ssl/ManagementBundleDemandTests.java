package dev.psat.spire.autoconfigure.ssl;

import java.util.function.Supplier;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.internal.BundleServers;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.reactor.netty.autoconfigure.actuate.web.server.NettyReactiveManagementContextAutoConfiguration;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableReactiveWebApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.web.context.reactive.AnnotationConfigReactiveWebApplicationContext;
import org.springframework.boot.web.context.reactive.ConfigurableReactiveWebApplicationContext;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.reactive.ReactiveWebServerFactory;
import org.springframework.boot.web.server.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ManagementBundleDemand}.
 */
class ManagementBundleDemandTests {

	private static final String[] INHERITED = { "management.server.port=0", "server.ssl.bundle=spire" };

	private final ReactiveWebApplicationContextRunner contextRunner = runner(
			AnnotationConfigReactiveWebServerApplicationContext::new)
		.withConfiguration(AutoConfigurations.of(NettyReactiveManagementContextAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(strings = { "management.server.ssl.bundle=spire", "server.ssl.bundle=spire",
			"management.server.ssl.server-name-bundles[0].bundle=spire;management.server.ssl.server-name-bundles[0].server-name=orders.example;management.server.ssl.bundle=shop",
			"management.server.ssl.bundle=spire;server.ssl.bundle=shop",
			"management.server.ssl.bundle=${name};name=spire", "management.server.port=9443;server.ssl.bundle=spire",
			"management.server.ssl.bundle=policed" })
	void tellsOfServerThatWillServeTheBundle(String properties) {
		this.contextRunner.withPropertyValues("management.server.port=0")
			.withPropertyValues(properties.split(";"))
			.run((context) -> assertThat(demand(context)).isEqualTo("the management server"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.server.ssl.bundle=shop", "management.server.ssl.enabled=false",
			"management.server.ssl.client-auth=need", "server.ssl.enabled=false", "server.ssl.bundle=shop",
			"management.server.port=-1", "management.server.port=8443;server.port=8443",
			"management.server.port=8080" })
	void tellsOfNoServerWhereNoneWillServeTheBundle(String properties) {
		this.contextRunner.withPropertyValues(INHERITED)
			.withPropertyValues(properties.split(";"))
			.run((context) -> assertThat(demand(context)).isNull());
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.server.ssl.bundle=identity", "server.ssl.bundle=identity",
			"management.server.ssl.server-name-bundles[0].bundle=identity;management.server.ssl.server-name-bundles[0].server-name=orders.example;management.server.ssl.bundle=spire" })
	void nobodyWaitsForServerThatCouldServeNothing(String properties) {
		this.contextRunner.withPropertyValues(INHERITED)
			.withPropertyValues(properties.split(";"))
			.run((context) -> assertThatExceptionOfType(PsatStartupException.class).isThrownBy(() -> demand(context))
				.withMessageStartingWith(
						"The management server is configured with the SSL bundle 'identity', which is for clients alone"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.server.ssl.enabled=false", "management.server.port=-1",
			"management.server.port=8443;server.port=8443" })
	void serverThatDoesNotServeItMayNameIdentityBundle(String properties) {
		this.contextRunner.withPropertyValues("management.server.port=0", "server.ssl.bundle=identity")
			.withPropertyValues(properties.split(";"))
			.run((context) -> assertThat(demand(context)).isNull());
	}

	@Test
	void tellsOfNoServerWithoutPortOfItsOwn() {
		this.contextRunner.withPropertyValues("server.ssl.bundle=spire")
			.run((context) -> assertThat(demand(context)).isNull());
	}

	@Test
	void tellsOfNoServerInMockEnvironment() {
		runner(AnnotationConfigReactiveWebApplicationContext::new)
			.withConfiguration(AutoConfigurations.of(NettyReactiveManagementContextAutoConfiguration.class))
			.withPropertyValues(INHERITED)
			.run((context) -> {
				assertThat(context).hasSingleBean(ManagementContextFactory.class);
				assertThat(demand(context)).isNull();
			});
	}

	@Test
	void tellsOfNoServerWhereAheadOfTimeProcessingHasFoundNoPortOfItsOwn() {
		runner(AnnotationConfigReactiveWebServerApplicationContext::new).withPropertyValues(INHERITED)
			.run((context) -> assertThat(demand(context)).isNull());
	}

	@Test
	void tellsOfNoServerInApplicationThatIsNotOfTheWeb() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(WebServerBundleAutoConfiguration.class))
			.withUserConfiguration(Bundle.class)
			.withPropertyValues(INHERITED)
			.run((context) -> assertThat(context.getBean(BundleServers.Demand.class).server()).isNull());
	}

	@Test
	void backsOffWithoutActuator() {
		runner(AnnotationConfigReactiveWebServerApplicationContext::new)
			.withClassLoader(new FilteredClassLoader(ManagementContextFactory.class))
			.withPropertyValues(INHERITED)
			.run((context) -> assertThat(demand(context)).isNull());
	}

	@Test
	void tellsOfNoServerWithoutBundles() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(WebServerBundleAutoConfiguration.class))
			.withPropertyValues(INHERITED)
			.run((context) -> assertThat(context.getBean(BundleServers.Demand.class).server()).isNull());
	}

	private static @Nullable String demand(AssertableReactiveWebApplicationContext context) {
		return context.getBean(BundleServers.Demand.class).server();
	}

	private static ReactiveWebApplicationContextRunner runner(
			Supplier<ConfigurableReactiveWebApplicationContext> contextFactory) {
		return new ReactiveWebApplicationContextRunner(contextFactory)
			.withConfiguration(AutoConfigurations.of(WebServerBundleAutoConfiguration.class))
			.withUserConfiguration(Bundle.class, Server.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class Bundle {

		private final SpiffeSslBundle bundle = SpiffeSslBundle.of(new TestIdentity());

		@Bean
		SpiffeSslBundle bundle() {
			return this.bundle;
		}

		@Bean
		DefaultSslBundleRegistry registry() {
			DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("spire", this.bundle);
			registry.registerBundle("policed", this.bundle.authorizing((peer) -> true));
			registry.registerBundle("shop", SslBundle.of(SslStoreBundle.NONE));
			registry.registerBundle("identity", IdentitySslBundle.of(new TestIdentity()));
			return registry;
		}

	}

	/**
	 * Starts nothing.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Server {

		@Bean
		HttpHandler httpHandler() {
			return (request, response) -> response.setComplete();
		}

		@Bean
		ReactiveWebServerFactory webServerFactory() {
			return (handler) -> new WebServer() {

				@Override
				public void start() {
				}

				@Override
				public void stop() {
				}

				@Override
				public int getPort() {
					return 0;
				}

			};
		}

	}

}
