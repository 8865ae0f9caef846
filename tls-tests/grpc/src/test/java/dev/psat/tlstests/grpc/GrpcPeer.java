package dev.psat.tlstests.grpc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLPeerUnverifiedException;

import dev.psat.tlstests.Credential;
import dev.psat.tlstests.PeerServer;
import dev.psat.tlstests.TlsVersion;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.NettyServerBuilder;

/**
 * A gRPC server that greets, and requires a certificate, whoever has signed it.
 */
final class GrpcPeer extends ServerTransportFilter implements PeerServer {

	private final List<X509Certificate> clients = new CopyOnWriteArrayList<>();

	private final Server server;

	GrpcPeer(Credential credential, TlsVersion version) {
		try {
			this.server = NettyServerBuilder
				.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Tls.server(credential, version))
				.addService(new Greeting())
				.addTransportFilter(this)
				.build()
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public Attributes transportReady(Attributes attributes) {
		try {
			this.clients
				.add((X509Certificate) attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION).getPeerCertificates()[0]);
		}
		catch (SSLPeerUnverifiedException ex) {
			throw new IllegalStateException(ex);
		}
		return attributes;
	}

	@Override
	public URI uri() {
		return URI.create("https://localhost:" + this.server.getPort());
	}

	@Override
	public URI closingUri() {
		return uri().resolve("/closing");
	}

	@Override
	public List<X509Certificate> clients() {
		return List.copyOf(this.clients);
	}

	@Override
	public void close() {
		this.server.shutdownNow();
	}

}
