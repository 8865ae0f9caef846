package dev.psat.spire.test;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.psat.spire.test.proto.HealthCheckRequest;
import dev.psat.spire.test.proto.HealthCheckResponse.ServingStatus;
import dev.psat.spire.test.proto.WorkloadProto.JWTBundlesRequest;
import dev.psat.spire.test.proto.WorkloadProto.JWTBundlesResponse;
import dev.psat.spire.test.proto.WorkloadProto.JWTSVIDRequest;
import dev.psat.spire.test.proto.WorkloadProto.JWTSVIDResponse;
import dev.psat.spire.test.proto.WorkloadProto.ValidateJWTSVIDRequest;
import dev.psat.spire.test.proto.WorkloadProto.ValidateJWTSVIDResponse;
import dev.psat.spire.test.proto.WorkloadProto.X509BundlesRequest;
import dev.psat.spire.test.proto.WorkloadProto.X509BundlesResponse;
import dev.psat.spire.test.proto.WorkloadProto.X509SVIDRequest;
import dev.psat.spire.test.proto.WorkloadProto.X509SVIDResponse;
import dev.psat.support.Patience;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A plain client of grpc-netty for the Workload API, on one channel.
 */
final class WorkloadTestClient implements AutoCloseable {

	private static final long SECONDS = Patience.SECONDS;

	private final EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(1,
			new DefaultThreadFactory("workload-test-client", true), NioIoHandler.newFactory());

	private final ManagedChannel channel;

	private WorkloadTestClient(SimulatedWorkloadApi api, Metadata headers) {
		boolean unix = api.address().startsWith("unix:");
		this.channel = NettyChannelBuilder.forAddress(address(api, unix))
			.channelFactory(() -> unix ? new NioDomainSocketChannel() : new NioSocketChannel())
			.eventLoopGroup(this.eventLoops)
			.withOption(ChannelOption.SO_KEEPALIVE, unix ? null : true)
			.usePlaintext()
			.maxInboundMessageSize(Integer.MAX_VALUE)
			.overrideAuthority("localhost")
			.intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
			.build();
	}

	private static SocketAddress address(SimulatedWorkloadApi api, boolean unix) {
		return unix ? UnixDomainSocketAddress.of(api.socket())
				: new InetSocketAddress("127.0.0.1", URI.create(api.address()).getPort());
	}

	static WorkloadTestClient of(SimulatedWorkloadApi api) {
		return withHeader(api, "true");
	}

	static WorkloadTestClient withHeader(SimulatedWorkloadApi api, String... values) {
		Metadata headers = new Metadata();
		for (String value : values) {
			headers.put(Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER), value);
		}
		return new WorkloadTestClient(api, headers);
	}

	Stream<X509SVIDResponse> x509Svids() {
		return stream(WorkloadMethods.FETCH_X509_SVID, X509SVIDRequest.getDefaultInstance(),
				parser(X509SVIDResponse.getDefaultInstance()));
	}

	Stream<X509BundlesResponse> x509Bundles() {
		return stream(WorkloadMethods.FETCH_X509_BUNDLES, X509BundlesRequest.getDefaultInstance(),
				parser(X509BundlesResponse.getDefaultInstance()));
	}

	Stream<JWTBundlesResponse> jwtBundles() {
		return stream(WorkloadMethods.FETCH_JWT_BUNDLES, JWTBundlesRequest.getDefaultInstance(),
				parser(JWTBundlesResponse.getDefaultInstance()));
	}

	Stream<byte[]> bytes(WorkloadMethod method) {
		return switch (method) {
			case FETCH_X509_SVID ->
				stream(WorkloadMethods.FETCH_X509_SVID, X509SVIDRequest.getDefaultInstance(), Function.identity());
			case FETCH_X509_BUNDLES -> stream(WorkloadMethods.FETCH_X509_BUNDLES,
					X509BundlesRequest.getDefaultInstance(), Function.identity());
			case FETCH_JWT_BUNDLES ->
				stream(WorkloadMethods.FETCH_JWT_BUNDLES, JWTBundlesRequest.getDefaultInstance(), Function.identity());
			default -> throw new IllegalArgumentException(method.name());
		};
	}

	JWTSVIDResponse jwtSvids(String spiffeId, String... audience) {
		JWTSVIDRequest request = JWTSVIDRequest.newBuilder()
			.setSpiffeId(spiffeId)
			.addAllAudience(List.of(audience))
			.build();
		return parser(JWTSVIDResponse.getDefaultInstance()).apply(unary(WorkloadMethods.FETCH_JWT_SVID, request));
	}

	ServingStatus health(String service) {
		HealthCheckRequest request = HealthCheckRequest.newBuilder().setService(service).build();
		return ClientCalls
			.blockingUnaryCall(this.channel, HealthService.CHECK,
					CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS), request)
			.getStatus();
	}

	ValidateJWTSVIDResponse validate(String svid, String audience) {
		ValidateJWTSVIDRequest request = ValidateJWTSVIDRequest.newBuilder()
			.setSvid(svid)
			.setAudience(audience)
			.build();
		return parser(ValidateJWTSVIDResponse.getDefaultInstance())
			.apply(unary(WorkloadMethods.VALIDATE_JWT_SVID, request));
	}

	@SuppressWarnings("unchecked")
	private static <M extends Message> Function<byte[], M> parser(M message) {
		return (bytes) -> {
			try {
				return (M) message.getParserForType().parseFrom(bytes);
			}
			catch (InvalidProtocolBufferException ex) {
				throw new IllegalArgumentException(ex);
			}
		};
	}

	private <R> byte[] unary(MethodDescriptor<R, byte[]> method, R request) {
		return ClientCalls.blockingUnaryCall(this.channel, method,
				CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS), request);
	}

	private <R, A> Stream<A> stream(MethodDescriptor<R, byte[]> method, R request, Function<byte[], A> parser) {
		Stream<A> stream = new Stream<>(this.channel.newCall(method, CallOptions.DEFAULT), parser);
		stream.start(request);
		return stream;
	}

	@Override
	public void close() {
		this.channel.shutdownNow();
		this.eventLoops.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
	}

	/**
	 * A stream that is open.
	 */
	static final class Stream<A> {

		private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

		private final ClientCall<?, byte[]> call;

		private final Function<byte[], A> parser;

		private Stream(ClientCall<?, byte[]> call, Function<byte[], A> parser) {
			this.call = call;
			this.parser = parser;
		}

		@SuppressWarnings("unchecked")
		private <R> void start(R request) {
			ClientCall<R, byte[]> typed = (ClientCall<R, byte[]>) this.call;
			typed.start(new ClientCall.Listener<>() {

				@Override
				public void onMessage(byte[] message) {
					Stream.this.received.add(message);
					typed.request(1);
				}

				@Override
				public void onClose(Status status, Metadata trailers) {
					Stream.this.received.add(status);
				}

			}, new Metadata());
			typed.request(1);
			typed.sendMessage(request);
			typed.halfClose();
		}

		A next() {
			Object next = take();
			assertThat(next).isInstanceOf(byte[].class);
			return this.parser.apply((byte[]) next);
		}

		Status end() {
			Object next = take();
			assertThat(next).isInstanceOf(Status.class);
			return (Status) next;
		}

		boolean isQuiet() {
			return this.received.isEmpty();
		}

		void cancel() {
			this.call.cancel("not needed any more", null);
		}

		private Object take() {
			try {
				Object next = this.received.poll(SECONDS, TimeUnit.SECONDS);
				assertThat(next).as("message or status").isNotNull();
				return next;
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}

	}

}
