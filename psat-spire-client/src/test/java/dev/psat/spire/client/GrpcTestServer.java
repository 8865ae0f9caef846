package dev.psat.spire.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.psat.spire.test.proto.AttestAgentRequest;
import dev.psat.spire.test.proto.AttestAgentResponse;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.GetBundleRequest;
import dev.psat.spire.wire.internal.TestTime;
import dev.psat.spire.wire.internal.Time;
import dev.psat.support.HeldPort;
import dev.psat.support.Patience;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import org.jspecify.annotations.Nullable;

/**
 * A server by grpc-netty with two methods of the SPIRE Server: one of the usual kind, and
 * the one that is a stream. It takes any client certificate that has not expired.
 */
final class GrpcTestServer implements AutoCloseable {

	static final TransportCertificates CERTIFICATE = TransportCertificates.create("server");

	static final byte[] REQUEST = GrpcMethod.EMPTY_REQUEST;

	static final Bundle BUNDLE = Bundle.newBuilder().setTrustDomain("example.org").build();

	final List<Call> calls = new CopyOnWriteArrayList<>();

	/**
	 * How many client certificates it was shown.
	 */
	final AtomicInteger agents = new AtomicInteger();

	/**
	 * Whether it refuses all client certificates.
	 */
	volatile boolean refusing;

	/**
	 * What the server does when it is called.
	 */
	volatile Callable<Bundle> answer = () -> BUNDLE;

	private final Server server;

	private final InetSocketAddress listening;

	private final @Nullable HeldPort held;

	private GrpcTestServer(InetSocketAddress address, @Nullable HeldPort held, UnaryOperator<NettyServerBuilder> more) {
		this.held = held;
		this.listening = address;
		try {
			this.server = more.apply(NettyServerBuilder.forAddress(address))
				.sslContext(GrpcSslContexts
					.configure(SslContextBuilder.forServer(CERTIFICATE.privateKey(), CERTIFICATE.certificate()),
							SslProvider.JDK)
					.protocols("TLSv1.3")
					.clientAuth(ClientAuth.OPTIONAL)
					.trustManager(new NotExpired())
					.build())
				.addService(ServerServiceDefinition.builder("spire.api.server.bundle.v1.Bundle")
					.addMethod(
							descriptor(GrpcMethod.GET_BUNDLE.fullName(), MethodDescriptor.MethodType.UNARY,
									GetBundleRequest.getDefaultInstance(), BUNDLE),
							ServerCalls.asyncUnaryCall((request, observer) -> bundle(observer)))
					.build())
				.addService(ServerServiceDefinition.builder("spire.api.server.agent.v1.Agent")
					.addMethod(
							descriptor(GrpcMethod.ATTEST_AGENT.fullName(), MethodDescriptor.MethodType.BIDI_STREAMING,
									AttestAgentRequest.getDefaultInstance(), AttestAgentResponse.getDefaultInstance()),
							ServerCalls.asyncBidiStreamingCall(GrpcTestServer::attest))
					.build())
				.intercept(new Recorder())
				.build()
				.start();
		}
		catch (IOException ex) {
			release();
			throw new UncheckedIOException(ex);
		}
	}

	static GrpcTestServer start() {
		return start("127.0.0.1", 0);
	}

	static GrpcTestServer start(String address, int port) {
		InetSocketAddress wanted = new InetSocketAddress(address, port);
		return (port != 0) ? new GrpcTestServer(wanted, null, (builder) -> builder)
				: start(wanted.getAddress(), (builder) -> builder);
	}

	private static GrpcTestServer start(InetAddress address, UnaryOperator<NettyServerBuilder> more) {
		HeldPort held = new HeldPort(address);
		return new GrpcTestServer(held.address(), held, more);
	}

	/**
	 * Start a server on the port of one that has been stopped.
	 */
	static GrpcTestServer startInPlaceOf(GrpcTestServer stopped) {
		return start("127.0.0.1", stopped.port());
	}

	static GrpcTestServer startWithMaxAge(Duration age) {
		return start(InetAddress.getLoopbackAddress(),
				(builder) -> builder.maxConnectionAge(age.toMillis(), TimeUnit.MILLISECONDS));
	}

	private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> descriptor(String name,
			MethodDescriptor.MethodType type, Q request, A answer) {
		return MethodDescriptor.newBuilder(ProtoUtils.marshaller(request), ProtoUtils.marshaller(answer))
			.setFullMethodName(name)
			.setType(type)
			.build();
	}

	private void bundle(StreamObserver<Bundle> observer) {
		try {
			observer.onNext(this.answer.call());
			observer.onCompleted();
		}
		catch (Exception ex) {
			observer.onError(ex);
		}
	}

	/**
	 * Return the CSR instead of a certificate, once the client has half-closed.
	 */
	private static StreamObserver<AttestAgentRequest> attest(StreamObserver<AttestAgentResponse> observer) {
		return new StreamObserver<>() {

			private ByteString csr = ByteString.EMPTY;

			@Override
			public void onNext(AttestAgentRequest request) {
				this.csr = this.csr.concat(request.getParams().getParams().getCsr());
			}

			@Override
			public void onError(Throwable error) {
				// the client has gone
			}

			@Override
			public void onCompleted() {
				AttestAgentResponse.Builder response = AttestAgentResponse.newBuilder();
				response.getResultBuilder().getSvidBuilder().addCertChain(this.csr);
				observer.onNext(response.build());
				observer.onCompleted();
			}

		};
	}

	int port() {
		return this.listening.getPort();
	}

	ServerAddress address() {
		return new ServerAddress("127.0.0.1", port());
	}

	long connections() {
		return this.calls.stream().map(Call::client).distinct().count();
	}

	GrpcChannel channel() {
		return channel("127.0.0.1", "127.0.0.1");
	}

	GrpcChannel channel(TransportCertificates client) {
		return channel(network(Network.Resolver.SYSTEM), client.keyManager());
	}

	GrpcChannel channel(Network network, @Nullable AgentKeyManager keys) {
		return new GrpcChannel(address(), CERTIFICATE.pin(), keys, "test/1", network);
	}

	GrpcChannel channel(String host, String... addresses) {
		return channel(host, (name) -> Addresses.of(addresses));
	}

	GrpcChannel channel(String host, Network.Resolver resolver) {
		return channel(host, network(resolver));
	}

	GrpcChannel channel(TestTime time, String... addresses) {
		return channel("spire", network((name) -> Addresses.of(addresses), time));
	}

	private GrpcChannel channel(String host, Network network) {
		return new GrpcChannel(new ServerAddress(host, port()), CERTIFICATE.pin(), null, "test/1", network);
	}

	/**
	 * Return a network that leaves no server because it, or this machine, is slow.
	 */
	static Network network(Network.Resolver resolver) {
		return new Network(resolver, TestTimeouts.patient(), Time.ofSystem());
	}

	/**
	 * Return a network that soon leaves a connection on which a call hears nothing, as
	 * one that the JDK begins in the very moment of a goodbye.
	 */
	static Network hasty() {
		return new Network(Network.Resolver.SYSTEM, TestTimeouts.of(Patience.LIMIT, Patience.LIMIT,
				Duration.ofMillis(200), Duration.ofMillis(500), TestTimeouts.patientSockets()), Time.ofSystem());
	}

	/**
	 * Return a network in which only a test lets time pass.
	 */
	static Network network(Network.Resolver resolver, TestTime time) {
		return new Network(resolver, TestTimeouts.usual(), time);
	}

	/**
	 * Listen no longer, and let nobody else have the port.
	 */
	void stop() {
		if (this.server.isShutdown()) {
			return;
		}
		this.server.shutdownNow();
		try {
			assertTerminated(this.server.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS));
			HeldPort.awaitNoListener(this.listening);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		try {
			stop();
		}
		finally {
			release();
		}
	}

	private void release() {
		if (this.held != null) {
			this.held.close();
		}
	}

	private static void assertTerminated(boolean terminated) {
		if (!terminated) {
			throw new IllegalStateException("The server does not end");
		}
	}

	/**
	 * A call as the server sees it.
	 *
	 * @param client address and port of the client
	 * @param headers what the client sent
	 * @param authority the {@code :authority}
	 * @param serverNames names that TLS asked for
	 */
	record Call(SocketAddress client, Metadata headers, String authority, List<String> serverNames) {

		String header(String name) {
			return Objects.requireNonNull(this.headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)),
					name);
		}

	}

	private final class Recorder implements ServerInterceptor {

		@Override
		public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
				ServerCallHandler<Q, A> next) {
			ExtendedSSLSession session = (ExtendedSSLSession) Objects
				.requireNonNull(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
			GrpcTestServer.this.calls
				.add(new Call(Objects.requireNonNull(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)),
						headers, String.valueOf(call.getAuthority()),
						session.getRequestedServerNames().stream().map(this::name).toList()));
			return next.startCall(call, headers);
		}

		private String name(SNIServerName name) {
			return ((SNIHostName) name).getAsciiName();
		}

	}

	/**
	 * Addresses without a name.
	 */
	static final class Addresses {

		private Addresses() {
		}

		static List<InetAddress> of(String... literals) throws UnknownHostException {
			InetAddress[] addresses = new InetAddress[literals.length];
			for (int i = 0; i < literals.length; i++) {
				addresses[i] = InetAddress.getByName(literals[i]);
			}
			return List.of(addresses);
		}

	}

	private final class NotExpired extends X509ExtendedTrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
				throws CertificateException {
			check(chain[0]);
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
				throws CertificateException {
			check(chain[0]);
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
			check(chain[0]);
		}

		private void check(X509Certificate certificate) throws CertificateException {
			GrpcTestServer.this.agents.incrementAndGet();
			if (GrpcTestServer.this.refusing) {
				throw new CertificateException("on purpose");
			}
			certificate.checkValidity();
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
			throw new UnsupportedOperationException();
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
