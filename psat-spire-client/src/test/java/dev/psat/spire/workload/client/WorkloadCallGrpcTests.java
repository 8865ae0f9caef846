package dev.psat.spire.workload.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.GrpcStatus;
import dev.psat.spire.wire.internal.Time;
import dev.psat.support.Patience;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link WorkloadCall} with a server by people who know gRPC.
 */
class WorkloadCallGrpcTests {

	private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

	private Path directory;

	private Server server;

	private volatile byte[] answer = {};

	private volatile int answers = 1;

	private volatile Status status = Status.OK;

	private volatile Metadata metadata = new Metadata();

	private volatile byte[] request = {};

	@BeforeEach
	void start() throws IOException {
		this.directory = Files.createTempDirectory("grpc");
		this.server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(this.directory.resolve("s")))
			.channelType(NioServerDomainSocketChannel.class)
			.bossEventLoopGroup(this.group)
			.workerEventLoopGroup(this.group)
			.maxInboundMessageSize(16 * 1024 * 1024)
			.fallbackHandlerRegistry(new AnyMethod())
			.build()
			.start();
	}

	@AfterEach
	void stop() throws Exception {
		this.server.shutdownNow().awaitTermination(Patience.SECONDS, TimeUnit.SECONDS);
		this.group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
		Files.deleteIfExists(this.directory.resolve("s"));
		Files.delete(this.directory);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 16379, 16384, 65530, 65536, 1_000_000, 5_000_000, 16 * 1024 * 1024 })
	void messageOfAnySizeIsReceived(int size) throws Exception {
		this.answer = random(size);
		try (WorkloadCall call = call(new byte[0])) {
			assertThat(call.next(soon())).isEqualTo(this.answer);
			assertThat(call.next(soon())).isNull();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 16384, 65530, 65531, 65536, 200_000, 5_000_000 })
	void requestOfAnySizeIsSent(int size) throws Exception {
		byte[] request = random(size);
		try (WorkloadCall call = call(request)) {
			assertThat(call.next(soon())).isEmpty();
		}
		assertThat(this.request).isEqualTo(request);
	}

	@Test
	void streamIsReceivedUpToItsEnd() throws Exception {
		this.answer = random(40_000);
		this.answers = 200;
		try (WorkloadCall call = call(new byte[0])) {
			for (int i = 0; i < 200; i++) {
				assertThat(call.next(Deadline.never(Time.ofSystem()))).isEqualTo(this.answer);
			}
			assertThat(call.next(Deadline.never(Time.ofSystem()))).isNull();
			assertThat(call.next(Deadline.never(Time.ofSystem()))).isNull();
		}
	}

	@Test
	void failureIsReceivedWithItsMessage() {
		this.answers = 0;
		this.status = Status.PERMISSION_DENIED.withDescription("no identity issued: ü%\n");
		try (WorkloadCall call = call(new byte[0])) {
			GrpcStatus.NotOkException failure = catchThrowableOfType(GrpcStatus.NotOkException.class,
					() -> call.next(soon()));
			assertThat(failure.status().code()).isEqualTo(7);
			assertThat(failure.status().message()).isEqualTo("no identity issued: ü%\n");
			assertThat(failure).hasMessage("Status 7: no identity issued: ü% ");
		}
	}

	@Test
	void failureAfterMessagesComesAfterThem() throws Exception {
		this.answers = 3;
		this.status = Status.UNAVAILABLE;
		try (WorkloadCall call = call(new byte[0])) {
			for (int i = 0; i < 3; i++) {
				assertThat(call.next(soon())).isEmpty();
			}
			assertThat(catchThrowableOfType(GrpcStatus.NotOkException.class, () -> call.next(soon())).status().code())
				.isEqualTo(14);
		}
	}

	@Test
	void securityHeaderAndUserAgentAreSent() throws Exception {
		try (WorkloadCall call = call(new byte[0])) {
			call.next(soon());
		}
		assertThat(header("workload.spiffe.io")).isEqualTo("true");
		assertThat(header("user-agent")).isEqualTo("test/1");
	}

	@Test
	void thousandCallsLeaveNoDescriptor() throws Exception {
		this.answer = random(100);
		for (int i = 0; i < 50; i++) {
			oneOf(i);
		}
		long before = descriptors();
		for (int i = 0; i < 1000; i++) {
			oneOf(i);
		}
		// those of the server follow when it has noticed
		await().untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before + 2));
	}

	/**
	 * End a call before it begins, after its message or at its end.
	 */
	private void oneOf(int i) throws GrpcStatus.NotOkException {
		try (WorkloadCall call = call(new byte[0])) {
			if (i % 3 > 0) {
				assertThat(call.next(soon())).hasSize(100);
			}
			if (i % 3 > 1) {
				assertThat(call.next(soon())).isNull();
			}
		}
	}

	private static long descriptors() throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.count();
		}
	}

	private @Nullable String header(String name) {
		return this.metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
	}

	private WorkloadCall call(byte[] request) {
		return new WorkloadCall(WorkloadEndpoint.parse("unix://" + this.directory.resolve("s")),
				"SpiffeWorkloadAPI/FetchX509SVID", request, "test/1", Time.ofSystem());
	}

	private static Deadline soon() {
		return Deadline.in(Patience.LIMIT, Time.ofSystem());
	}

	private static byte[] random(int size) {
		byte[] bytes = new byte[size];
		new Random(size).nextBytes(bytes);
		return bytes;
	}

	private final class AnyMethod extends HandlerRegistry {

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

		@Override
		public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
			MethodDescriptor<byte[], byte[]> method = MethodDescriptor.newBuilder(BYTES, BYTES)
				.setFullMethodName(name)
				.setType(MethodDescriptor.MethodType.SERVER_STREAMING)
				.build();
			ServerCallHandler<byte[], byte[]> handler = ServerCalls.asyncServerStreamingCall((request, observer) -> {
				WorkloadCallGrpcTests.this.request = request;
				for (int i = 0; i < WorkloadCallGrpcTests.this.answers; i++) {
					observer.onNext(WorkloadCallGrpcTests.this.answer);
				}
				if (WorkloadCallGrpcTests.this.status.isOk()) {
					observer.onCompleted();
				}
				else {
					observer.onError(WorkloadCallGrpcTests.this.status.asRuntimeException());
				}
			});
			return ServerMethodDefinition.create(method, new ServerCallHandler<byte[], byte[]>() {

				@Override
				public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata headers) {
					WorkloadCallGrpcTests.this.metadata = headers;
					return handler.startCall(call, headers);
				}

			});
		}

	}

}
