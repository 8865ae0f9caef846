package dev.psat.tlstests.grpc;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import dev.psat.support.Matrix;
import dev.psat.tlstests.ClientContract.Call;
import dev.psat.tlstests.KeptClient;
import dev.psat.tlstests.Knock;
import dev.psat.tlstests.RotationTorture;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import dev.psat.tlstests.grpc.GrpcApplication.Started;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;

/**
 * Rotations under load on Spring Boot's gRPC server, and with its channels.
 */
@Matrix
class GrpcRotationTortureTests extends RotationTorture {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication
			.run(world, GrpcEndTests.Application.class,
					Stream
						.concat(Stream.of("spring.grpc.server.port=0", "spring.grpc.server.address=127.0.0.1",
								"spring.grpc.server.ssl.bundle=spire"), Stream.of(CALLS_ITSELF))
						.toArray(String[]::new));
	}

	@Override
	protected TlsApplication application() {
		return application;
	}

	@Override
	protected Knock knock() {
		return Knock.http2(port()).withoutTickets();
	}

	@Override
	protected Map<String, Call> clients() {
		return Map.of("gRPC", new GrpcOutboundEndTests.KeptChannels(application, application.bundle()));
	}

	@Override
	protected Map<String, Function<SSLContext, KeptClient>> foreignClients() {
		return Map.of("gRPC", (context) -> new GrpcKeptClient(port(), context, TlsVersion.TLS_1_3));
	}

	private static int port() {
		return application.bean(Started.class).port();
	}

}
