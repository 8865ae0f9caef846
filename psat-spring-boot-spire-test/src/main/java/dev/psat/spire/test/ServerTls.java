package dev.psat.spire.test;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;

import dev.psat.spire.test.ServerCredential.Credential;
import io.grpc.netty.GrpcSslContexts;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;

/**
 * Creates a new context for each connection. It uses the server's current certificate,
 * and never resumes a session, since a SPIRE Server does not either. A client certificate
 * is requested, but not required.
 */
final class ServerTls extends SslContext {

	private final TlsStack stack;

	private final ServerCredential credential;

	private final ClientCertificateVerifier verifier;

	private final SslContext first;

	ServerTls(TlsStack stack, ServerCredential credential, ClientCertificateVerifier verifier) {
		this.stack = stack;
		this.credential = credential;
		this.verifier = verifier;
		this.first = newContext(stack.provider());
	}

	private SslContext newContext(SslProvider provider) {
		Credential current = this.credential.current();
		SslContextBuilder builder = SslContextBuilder
			.forServer(current.key(), current.chain().toArray(X509Certificate[]::new))
			.trustManager(this.verifier)
			.clientAuth(ClientAuth.OPTIONAL)
			.protocols("TLSv1.3", "TLSv1.2");
		try {
			return GrpcSslContexts.configure(builder, this.stack.provider()).sslProvider(provider).build();
		}
		catch (SSLException ex) {
			throw new IllegalStateException("Could not set up TLS", ex);
		}
	}

	@Override
	public SSLEngine newEngine(ByteBufAllocator allocator) {
		return newEngine((context) -> context.newEngine(allocator));
	}

	@Override
	public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
		return newEngine((context) -> context.newEngine(allocator, peerHost, peerPort));
	}

	private SSLEngine newEngine(Function<SslContext, SSLEngine> engines) {
		SslContext context = newContext(this.stack.providerOfConnections());
		try {
			return engines.apply(context);
		}
		finally {
			// The engine keeps the context until the connection ends
			ReferenceCountUtil.release(context);
		}
	}

	@Override
	public boolean isClient() {
		return false;
	}

	@Override
	public List<String> cipherSuites() {
		return this.first.cipherSuites();
	}

	@Override
	@SuppressWarnings("deprecation")
	public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
		return this.first.applicationProtocolNegotiator();
	}

	@Override
	public SSLSessionContext sessionContext() {
		return this.first.sessionContext();
	}

}
