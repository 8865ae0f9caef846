package dev.psat.tlstests.grpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

import dev.psat.spire.ssl.SpiffeSslBundle;
import io.grpc.Server;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;

/**
 * A gRPC server as an application makes one by itself with the managers of a bundle.
 */
final class PolicedServer {

	private final Server server;

	PolicedServer(SpiffeSslBundle bundle) {
		this.server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
				TlsServerCredentials.newBuilder()
					.keyManager(bundle.getManagers().getKeyManagers())
					.trustManager(bundle.getManagers().getTrustManagers())
					.clientAuth(ClientAuth.REQUIRE)
					.build())
			.addService(new Greeting())
			.build();
	}

	void start() throws IOException {
		this.server.start();
	}

	int port() {
		return this.server.getPort();
	}

	void close() {
		this.server.shutdownNow();
	}

}
