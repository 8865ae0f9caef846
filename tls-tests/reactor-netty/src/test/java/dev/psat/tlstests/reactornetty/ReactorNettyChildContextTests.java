package dev.psat.tlstests.reactornetty;

import java.nio.charset.StandardCharsets;

import dev.psat.spire.reactor.ReactorNettyBundleAutoConfiguration;
import dev.psat.support.Matrix;
import dev.psat.tlstests.ChildContextContract;
import dev.psat.tlstests.Peer;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.server.reactive.HttpHandler;

/**
 * The contract on Reactor Netty, and what holds where no context tells the library of a
 * server.
 */
@Matrix
class ReactorNettyChildContextTests extends ChildContextContract {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication.run(world, ReactorNettyApplication.class, "server.port=0",
				"server.ssl.bundle=spire", "management.server.port=0", "management.server.ssl.bundle=spire",
				ReactorNettyApplication.QUICK_SHUTDOWN);
	}

	@Override
	protected TlsApplication application() {
		return application;
	}

	@Override
	protected Class<?> server() {
		return ChildServer.class;
	}

	@Override
	protected Class<?> autoConfiguration() {
		return ReactorNettyBundleAutoConfiguration.class;
	}

	@Override
	protected ConfigurableApplicationContext createContext() {
		return new AnnotationConfigReactiveWebServerApplicationContext();
	}

	@Override
	protected String refusal() {
		return "without the context of that bundle";
	}

	/**
	 * It is made of the bundle's managers, which check each client.
	 */
	@ParameterizedTest
	@EnumSource(Ssl.ClientAuth.class)
	void serverWhoseFactoryIsNoBeanServesNobodyUnchecked(Ssl.ClientAuth clientAuth) {
		WebServer server = factory(application.bean(SslBundles.class), clientAuth).getWebServer(ChildServer.GREETING);
		assertThatLetsIn(server,
				(clientAuth == Ssl.ClientAuth.NEED) ? new Peer[] { Peer.LISTED, Peer.BELOW_PATH } : new Peer[0]);
	}

	@ParameterizedTest
	@EnumSource(Ssl.ClientAuth.class)
	void serverWhoseFactoryIsNoBeanServesNobodyByIdentityBundle(Ssl.ClientAuth clientAuth) {
		NettyReactiveWebServerFactory factory = withIdentityBundle(
				factory(application.bean(SslBundles.class), clientAuth));
		assertThatLetsIn(factory.getWebServer(ChildServer.GREETING));
	}

	private static NettyReactiveWebServerFactory factory(SslBundles bundles, Ssl.ClientAuth clientAuth) {
		return secured(new NettyReactiveWebServerFactory(0), bundles, clientAuth);
	}

	@Configuration(proxyBeanMethods = false)
	static class ChildServer {

		static final HttpHandler GREETING = (request, response) -> response
			.writeWith(Mono.just(response.bufferFactory().wrap("hello".getBytes(StandardCharsets.UTF_8))));

		@Bean
		NettyReactiveWebServerFactory webServerFactory(SslBundles bundles, Environment environment) {
			return factory(bundles, environment.getProperty(CLIENT_AUTH, Ssl.ClientAuth.class));
		}

		@Bean
		HttpHandler greeting() {
			return GREETING;
		}

	}

}
