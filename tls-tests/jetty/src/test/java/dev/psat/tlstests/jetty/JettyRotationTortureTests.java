package dev.psat.tlstests.jetty;

import java.util.Map;
import java.util.stream.Stream;

import dev.psat.support.Matrix;
import dev.psat.tlstests.ClientContract.Call;
import dev.psat.tlstests.RotationTorture;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;

/**
 * Rotations under load on Jetty.
 */
@Matrix
class JettyRotationTortureTests extends RotationTorture {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication.run(world, JettyEndTests.Application.class,
				Stream
					.concat(Stream.of("server.port=0", "server.ssl.bundle=spire", "server.http2.enabled=true",
							"spring.http.clients.imperative.factory=jetty"), Stream.of(CALLS_ITSELF))
					.toArray(String[]::new));
	}

	@Override
	protected TlsApplication application() {
		return application;
	}

	@Override
	protected Map<String, Call> clients() {
		return Map.of("JDK", new JdkCall(application.bundle(), false), "JDK over HTTP/2",
				new JdkCall(application.bundle(), true), "Jetty",
				Call.of(application.bean(ClientHttpRequestFactoryBuilder.class), application.bundle()),
				"Jetty over HTTP/2", JettyOutboundEndTests.ClientOfBothProtocols.client(application.bundle(), 1));
	}

}
