package dev.psat.tlstests.reactornetty;

import java.util.Map;
import java.util.stream.Stream;

import dev.psat.tlstests.ClientContract;
import dev.psat.tlstests.Door;
import dev.psat.tlstests.Knock;
import dev.psat.tlstests.RotationTorture;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.webclient.autoconfigure.WebClientSsl;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Rotations under load on Reactor Netty.
 */
class ReactorNettyRotationTortureTests extends RotationTorture {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld(Door.WORKLOAD_API);
		application = TlsApplication.run(world, ReactorNettyApplication.class,
				Stream
					.concat(Stream.of("server.port=0", "server.ssl.bundle=spire",
							"server.netty.max-keep-alive-requests=100", ReactorNettyApplication.QUICK_SHUTDOWN),
							Stream.of(CALLS_ITSELF))
					.toArray(String[]::new));
	}

	@Override
	protected TlsApplication application() {
		return application;
	}

	@Override
	protected Knock knock() {
		return ReactorNettyApplication.server(application);
	}

	@Override
	protected Map<String, ClientContract.Call> clients() {
		RestClient jdk = RestClient.builder()
			.requestFactory(
					ClientHttpRequestFactoryBuilder.jdk().build(HttpClientSettings.ofSslBundle(application.bundle())))
			.build();
		WebClient reactor = WebClient.builder().apply(application.bean(WebClientSsl.class).fromBundle("spire")).build();
		return Map.of("JDK", ClientContract.Call.of(jdk), "Reactor Netty", ClientContract.Call.of(reactor));
	}

}
