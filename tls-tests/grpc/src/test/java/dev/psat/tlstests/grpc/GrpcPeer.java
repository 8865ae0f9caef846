package dev.psat.tlstests.grpc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLPeerUnverifiedException;

import dev.psat.tlstests.CertificateRequest;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.PeerServer;
import dev.psat.tlstests.TlsVersion;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.NettyServerBuilder;

/**
 * A gRPC server that greets, and requires a certificate, whoever has signed it, unless it
 * is told otherwise.
 */
final class GrpcPeer extends ServerTransportFilter implements ServerInterceptor, PeerServer {

	private final UUID id = UUID.randomUUID();

	private final List<X509Certificate> clients = new CopyOnWriteArrayList<>();

	private final AtomicInteger connections = new AtomicInteger();

	private final AtomicInteger requests = new AtomicInteger();

	private final Server server;

	GrpcPeer(Credential credential, TlsVersion version) {
		this(credential, version, CertificateRequest.REQUIRED);
	}

	GrpcPeer(Credential credential, TlsVersion version, CertificateRequest request) {
		this(credential, version, request, 0);
	}

	/**
	 * Create a server.
	 * @param port the port, which may have been that of another one; zero for any
	 */
	GrpcPeer(Credential credential, TlsVersion version, CertificateRequest request, int port) {
		try {
			this.server = NettyServerBuilder
				.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
						Tls.server(credential, version, request))
				.addService(new Greeting())
				.intercept(this)
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
		this.connections.incrementAndGet();
		try {
			this.clients
				.add((X509Certificate) attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION).getPeerCertificates()[0]);
		}
		catch (SSLPeerUnverifiedException ex) {
			// none was presented
		}
		return attributes;
	}

	@Override
	public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
			ServerCallHandler<Q, A> next) {
		this.requests.incrementAndGet();
		return next.startCall(call, headers);
	}

	/**
	 * Return the URI to call.
	 * @return the URI, which has a part that no other server has, not even one that had
	 * the same port before
	 */
	@Override
	public URI uri() {
		return URI.create("https://%s@localhost:%d".formatted(this.id, this.server.getPort()));
	}

	@Override
	public List<X509Certificate> clients() {
		return List.copyOf(this.clients);
	}

	@Override
	public int connections() {
		return this.connections.get();
	}

	@Override
	public int requests() {
		return this.requests.get();
	}

	@Override
	public void close() {
		this.server.shutdownNow();
	}

}
