package dev.psat.tlstests.reactornetty;

import java.util.Map;
import java.util.stream.Stream;

import dev.psat.support.Matrix;
import dev.psat.tlstests.ClientContract.Call;
import dev.psat.tlstests.Door;
import dev.psat.tlstests.RotationTorture;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;

import org.springframework.boot.webclient.autoconfigure.WebClientSsl;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Rotations under load on Reactor Netty.
 */
@Matrix
class ReactorNettyRotationTortureTests extends RotationTorture {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld(Door.WORKLOAD_API);
		application = TlsApplication.run(world, ReactorNettyEndTests.Application.class,
				Stream.concat(
						Stream.of("server.port=0", "server.ssl.bundle=spire", "server.http2.enabled=true",
								"server.netty.max-keep-alive-requests=100", ReactorNettyApplication.QUICK_SHUTDOWN),
						Stream.of(CALLS_ITSELF))
					.toArray(String[]::new));
	}

	@Override
	protected TlsApplication application() {
		return application;
	}

	@Override
	protected Map<String, Call> clients() {
		WebClient reactor = WebClient.builder().apply(application.bean(WebClientSsl.class).fromBundle("spire")).build();
		return Map.of("JDK", new JdkCall(application.bundle(), false), "JDK over HTTP/2",
				new JdkCall(application.bundle(), true), "Reactor Netty", Call.of(reactor), "Reactor Netty, blocking",
				ReactorOutboundEndTests.BlockingClient.client(application.bundle()), "Reactor Netty over HTTP/2",
				ReactorOutboundEndTests.ReactiveClient.client(application.bundle()));
	}

}
