package dev.psat.tlstests.tomcat;

import java.util.Map;
import java.util.stream.Stream;

import dev.psat.support.Matrix;
import dev.psat.tlstests.ClientContract.Call;
import dev.psat.tlstests.RotationTorture;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.apache.coyote.http2.Http2Protocol;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Rotations under load on Tomcat.
 */
@Matrix
class TomcatRotationTortureTests extends RotationTorture {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication.run(world, Application.class,
				Stream
					.concat(Stream.of("server.port=0", "server.ssl.bundle=spire", "server.http2.enabled=true"),
							Stream.of(CALLS_ITSELF))
					.toArray(String[]::new));
	}

	@Override
	protected TlsApplication application() {
		return application;
	}

	@Override
	protected Map<String, Call> clients() {
		return Map.of("JDK", new JdkCall(application.bundle(), false), "JDK over HTTP/2",
				new JdkCall(application.bundle(), true), "simple",
				Call.of(ClientHttpRequestFactoryBuilder.simple(), application.bundle()), "HttpComponents",
				Call.of(application.bean(ClientHttpRequestFactoryBuilder.class), application.bundle()),
				"HttpComponents over HTTP/2", OutboundEndTests.ReactiveHttpComponents.client(application.bundle()));
	}

	/**
	 * The many small frames of HttpComponents are too much for Tomcat, which would end
	 * its connections.
	 */
	@Configuration(proxyBeanMethods = false)
	@Import(TomcatEndTests.Application.class)
	static class Application {

		@Bean
		WebServerFactoryCustomizer<TomcatServletWebServerFactory> patience() {
			return (factory) -> factory
				.addConnectorCustomizers((connector) -> Stream.of(connector.findUpgradeProtocols())
					.filter(Http2Protocol.class::isInstance)
					.map(Http2Protocol.class::cast)
					.forEach((protocol) -> protocol.setOverheadDataThreshold(0)));
		}

	}

}
