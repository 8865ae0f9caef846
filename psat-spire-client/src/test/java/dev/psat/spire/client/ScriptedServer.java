package dev.psat.spire.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.Message;
import dev.psat.spiffe.TestAuthority;
import dev.psat.support.HeldPort;
import dev.psat.support.Latches;
import dev.psat.support.Patience;
import io.grpc.Grpc;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A server that presents the certificate and returns the answers that a test wants.
 */
final class ScriptedServer implements AutoCloseable {

	private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {

		@Override
		public InputStream stream(byte[] value) {
			return new ByteArrayInputStream(value);
		}

		@Override
		public byte[] parse(InputStream stream) {
			try {
				return stream.readAllBytes();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	};

	/** The requests, in order. */
	final List<Request> requests = new CopyOnWriteArrayList<>();

	/** What it waits for before it answers. */
	volatile CountDownLatch go = new CountDownLatch(0);

	private final Map<String, Message> answers = new ConcurrentHashMap<>();

	private final Map<String, Status> refusals = new ConcurrentHashMap<>();

	private final String host;

	private final Server server;

	ScriptedServer(TestAuthority authority, String spiffeId) {
		this(authority, spiffeId, "127.0.0.1", 0);
	}

	ScriptedServer(TestAuthority authority, String spiffeId, String host, int port) {
		this.host = host;
		KeyPair keys = KeyType.EC_P256.generate();
		try {
			this.server = NettyServerBuilder.forAddress(new InetSocketAddress(host, port))
				.sslContext(
						GrpcSslContexts
							.configure(
									SslContextBuilder.forServer(keys.getPrivate(),
											authority
												.sign(TestAuthority.unsigned().uri(spiffeId).key(keys.getPublic()))),
									SslProvider.JDK)
							.protocols("TLSv1.3")
							.clientAuth(ClientAuth.OPTIONAL)
							.trustManager(InsecureTrustManagerFactory.INSTANCE)
							.build())
				.fallbackHandlerRegistry(new AnyMethod())
				.build()
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Answer a method. One without an answer never returns.
	 */
	void answer(GrpcMethod method, Message answer) {
		this.answers.put(method.fullName(), answer);
	}

	/**
	 * Refuse a method.
	 */
	void refuse(GrpcMethod method, Status status) {
		this.refusals.put(method.fullName(), status);
	}

	ServerAddress address() {
		return new ServerAddress(this.host, this.server.getPort());
	}

	long connections() {
		return this.requests.stream().map(Request::client).distinct().count();
	}

	@Override
	public void close() {
		if (this.server.isShutdown()) {
			return;
		}
		InetSocketAddress listening = new InetSocketAddress(this.host, this.server.getPort());
		this.go.countDown();
		this.server.shutdownNow();
		try {
			if (!this.server.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS)) {
				throw new IllegalStateException("The server does not end");
			}
			HeldPort.awaitNoListener(listening);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * What the server was asked.
	 *
	 * @param method the full name of the method
	 * @param message the message
	 * @param userAgent the header of that name
	 * @param client address and port of the client
	 */
	record Request(String method, byte[] message, @Nullable String userAgent, @Nullable SocketAddress client) {

	}

	private final class AnyMethod extends HandlerRegistry {

		@Override
		public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
			MethodDescriptor<byte[], byte[]> method = MethodDescriptor.newBuilder(BYTES, BYTES)
				.setFullMethodName(name)
				.setType(MethodDescriptor.MethodType.UNARY)
				.build();
			return ServerMethodDefinition.create(method, new Handler());
		}

	}

	private final class Handler implements ServerCallHandler<byte[], byte[]> {

		@Override
		public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata headers) {
			String name = call.getMethodDescriptor().getFullMethodName();
			String userAgent = headers.get(Metadata.Key.of("user-agent", Metadata.ASCII_STRING_MARSHALLER));
			SocketAddress client = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
			return ServerCalls.<byte[], byte[]>asyncUnaryCall((request, observer) -> {
				ScriptedServer.this.requests.add(new Request(name, request, userAgent, client));
				Latches.await(ScriptedServer.this.go);
				Status refusal = ScriptedServer.this.refusals.get(name);
				if (refusal != null) {
					observer.onError(refusal.asRuntimeException());
					return;
				}
				Message answer = ScriptedServer.this.answers.get(name);
				if (answer != null) {
					observer.onNext(answer.toByteArray());
					observer.onCompleted();
				}
			}).startCall(call, headers);
		}

	}

}
