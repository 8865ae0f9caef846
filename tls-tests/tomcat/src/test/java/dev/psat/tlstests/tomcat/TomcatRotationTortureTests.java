package dev.psat.tlstests.tomcat;

import java.util.Map;
import java.util.stream.Stream;

import dev.psat.tlstests.ClientContract.Call;
import dev.psat.tlstests.RotationTorture;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;

/**
 * Rotations under load on Tomcat.
 */
class TomcatRotationTortureTests extends RotationTorture {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication.run(world, TomcatApplication.class,
				Stream.concat(Stream.of("server.port=0", "server.ssl.bundle=spire"), Stream.of(CALLS_ITSELF))
					.toArray(String[]::new));
	}

	@Override
	protected TlsApplication application() {
		return application;
	}

	@Override
	protected Map<String, Call> clients() {
		return Map.of("JDK", Call.of(ClientHttpRequestFactoryBuilder.jdk(), application.bundle()), "HttpComponents",
				Call.of(application.bean(ClientHttpRequestFactoryBuilder.class), application.bundle()));
	}

}
