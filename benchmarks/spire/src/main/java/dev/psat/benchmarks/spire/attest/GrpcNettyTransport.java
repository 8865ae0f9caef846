package dev.psat.benchmarks.spire.attest;

import java.util.concurrent.TimeUnit;

import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

import com.google.protobuf.Message;
import dev.psat.spire.client.ServerAddress;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * grpc-java's transport over Netty, with the TLS of the JDK. All connections share event
 * loops, which would otherwise end a second after the last connection.
 */
final class GrpcNettyTransport implements Transport, AutoCloseable {

	private static final long LONGEST_CALL = 10;

	private static final long LONGEST_CLOSE = 5;

	private final EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(
			Runtime.getRuntime().availableProcessors(), new DefaultThreadFactory("grpc-netty", true),
			NioIoHandler.newFactory());

	/**
	 * End the event loops, without the quiet time that Netty grants them.
	 */
	@Override
	public void close() {
		this.eventLoops.shutdownGracefully(0, LONGEST_CLOSE, TimeUnit.SECONDS);
	}

	@Override
	public String name() {
		return "grpc-netty";
	}

	@Override
	public Connection open(ServerAddress server, X509ExtendedTrustManager trust, @Nullable X509ExtendedKeyManager key)
			throws Exception {
		SslContextBuilder tls = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
			.trustManager(trust)
			.protocols(Tls.VERSION);
		if (key != null) {
			tls.keyManager(key);
		}
		return new Channel(NettyChannelBuilder.forAddress(server.host(), server.port())
			.sslContext(tls.build())
			.eventLoopGroup(this.eventLoops)
			.channelType(NioSocketChannel.class)
			.build());
	}

	private record Channel(ManagedChannel channel) implements Connection {

		@Override
		public <Q extends Message, A extends Message> A call(Call<Q, A> call, Q request) {
			MethodDescriptor<Q, A> method = MethodDescriptor.<Q, A>newBuilder()
				.setType(MethodDescriptor.MethodType.UNARY)
				.setFullMethodName(call.name())
				.setRequestMarshaller(ProtoUtils.marshaller(call.request()))
				.setResponseMarshaller(ProtoUtils.marshaller(call.answer()))
				.build();
			return ClientCalls.blockingUnaryCall(this.channel, method,
					CallOptions.DEFAULT.withDeadlineAfter(LONGEST_CALL, TimeUnit.SECONDS), request);
		}

		@Override
		public void close() throws InterruptedException {
			this.channel.shutdownNow().awaitTermination(LONGEST_CLOSE, TimeUnit.SECONDS);
		}

	}

}
