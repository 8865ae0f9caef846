package dev.psat.spire.client;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.AttestAgentRequest;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.PermissionDeniedDetails;
import dev.psat.spire.test.proto.X509Certificate;
import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.GrpcFrame;
import dev.psat.spire.wire.internal.Message;
import dev.psat.spire.wire.internal.TestTime;
import dev.psat.support.Latches;
import dev.psat.support.Patience;
import io.grpc.Metadata;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link GrpcChannel} and what a server by grpc-netty makes of it.
 */
@Timeout(Patience.SECONDS)
class GrpcChannelTests {

	private static final Duration TIMEOUT = Patience.LIMIT;

	private static final String TOKEN = "eyJhbGciOiJub25lIn0.c2VjcmV0.c2lnbmF0dXJl";

	@AutoClose
	private final GrpcTestServer server = GrpcTestServer.start();

	private final TestTime time = new TestTime();

	/** For which time stands still unless a test lets it pass. */
	@AutoClose
	private final GrpcChannel channel = this.server.channel(this.time, "127.0.0.1");

	private final CountDownLatch never = new CountDownLatch(1);

	@AfterEach
	void letGo() {
		this.never.countDown();
	}

	@Test
	void returnsTheAnswer() throws Exception {
		assertThat(call(this.channel)).isEqualTo(GrpcTestServer.BUNDLE);
	}

	@Test
	void sendsOneMessageOnAStreamAndReturnsTheOne() throws Exception {
		AttestAgentRequest.Builder request = AttestAgentRequest.newBuilder();
		request.getParamsBuilder().getParamsBuilder().setCsr(ByteString.copyFromUtf8("csr"));
		Message answer = this.channel.call(GrpcMethod.ATTEST_AGENT, request.build().toByteArray(), TIMEOUT);
		Message svid = answer.message(FieldNumbers.ATTEST_AGENT_RESPONSE_RESULT)
			.message(FieldNumbers.ATTEST_AGENT_RESPONSE_RESULT_SVID);
		assertThat(svid.texts(FieldNumbers.X509SVID_CERT_CHAIN)).first().isEqualTo("csr");
	}

	@Test
	void sendsWhatGrpcAsksFor() throws Exception {
		call(this.channel);
		GrpcTestServer.Call call = this.server.calls.get(0);
		assertThat(call.header("content-type")).isEqualTo("application/grpc");
		assertThat(call.header("user-agent")).isEqualTo("test/1");
		assertThat(call.header("grpc-timeout")).isEqualTo("300001m");
	}

	@Test
	void attestationIsGivenUpByTheServerFirst() throws Exception {
		this.channel.call(GrpcMethod.ATTEST_AGENT, GrpcMethod.EMPTY_REQUEST, TIMEOUT);
		// by the time that connecting may take
		assertThat(this.server.calls.get(0).header("grpc-timeout")).isEqualTo("292001m");
	}

	@Test
	void callsOneAfterTheOtherShareAConnection() throws Exception {
		for (int i = 0; i < 20; i++) {
			call(this.channel);
		}
		assertThat(this.server.connections()).isOne();
	}

	@Test
	void callsAtOnceAreAllAnswered() throws Exception {
		ExecutorService callers = Executors.newFixedThreadPool(16);
		try {
			List<Future<Bundle>> answers = IntStream.range(0, 200)
				.mapToObj((i) -> callers.submit(() -> call(this.channel)))
				.toList();
			for (Future<Bundle> answer : answers) {
				assertThat(answer.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo(GrpcTestServer.BUNDLE);
			}
		}
		finally {
			callers.shutdownNow();
		}
	}

	@Test
	void largeAnswerIsReadWhole() throws Exception {
		Bundle large = bundle(15 * 1024 * 1024);
		this.server.answer = () -> large;
		assertThat(call(this.channel)).isEqualTo(large);
	}

	@Test
	void answerOfMoreThan16MebibytesIsRefusedAndTheNextOneTaken() throws Exception {
		Bundle large = bundle(17 * 1024 * 1024);
		this.server.answer = () -> large;
		SpireException failure = failure(this.channel);
		assertThat(failure.reason()).isEqualTo(FailureReason.PROTOCOL_ERROR);
		assertThat(failure).hasMessageContaining("longer than");
		this.server.answer = () -> GrpcTestServer.BUNDLE;
		assertThat(call(this.channel)).isEqualTo(GrpcTestServer.BUNDLE);
	}

	@Test
	void statusHasCodeAndMessageAndDetails() {
		byte[] details = dev.psat.spire.test.proto.rpc.Status.newBuilder()
			.addDetails(Any.pack(PermissionDeniedDetails.newBuilder().setReasonValue(1).build()))
			.build()
			.toByteArray();
		Metadata trailers = new Metadata();
		trailers.put(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER), details);
		this.server.answer = () -> {
			throw Status.PERMISSION_DENIED.withDescription("agent is \"gebannt\": 100 % für immer")
				.asRuntimeException(trailers);
		};
		SpireException failure = catchThrowableOfType(SpireException.class, () -> call(this.channel));
		assertThat(failure.reason()).isEqualTo(FailureReason.AGENT_EXPIRED);
		assertThat(failure)
			.hasMessageEndingWith("127.0.0.1 answered with code 7: agent is \"gebannt\": 100 % für immer");
		assertThat(this.server.calls).hasSize(1);
	}

	@Test
	void methodThatTheServerDoesNotKnowIsAStatus() {
		GrpcMethod unknown = new GrpcMethod("spire.api.server.bundle.v1.Bundle/Unknown");
		assertThat(catchThrowableOfType(SpireException.class,
				() -> this.channel.call(unknown, GrpcTestServer.BUNDLE.toByteArray(), TIMEOUT))
			.reason()).isEqualTo(FailureReason.UNIMPLEMENTED);
	}

	@Test
	void callThatTakesTooLongTimesOutAndTheNextOneIsAnswered() throws Exception {
		this.server.answer = this::waitForEver;
		Duration timeout = Duration.ofMillis(500);
		CompletableFuture<SpireException> failure = this.time.call(() -> catchThrowableOfType(SpireException.class,
				() -> this.channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, timeout)));
		await().until(() -> !this.server.calls.isEmpty());
		this.time.passInVain(timeout.minusMillis(1));
		assertThat(failure).isNotDone();
		this.time.passInVain(Duration.ofMillis(1));
		assertThat(failure).succeedsWithin(Patience.LIMIT)
			.extracting(SpireException::reason)
			.isEqualTo(FailureReason.TIMED_OUT);
		this.server.answer = () -> GrpcTestServer.BUNDLE;
		assertThat(call(this.channel)).isEqualTo(GrpcTestServer.BUNDLE);
	}

	@Test
	void callWithoutTimeIsNotSent() {
		SpireException failure = catchThrowableOfType(SpireException.class,
				() -> this.channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, Duration.ZERO));
		assertThat(failure.reason()).isEqualTo(FailureReason.TIMED_OUT);
		assertThat(this.server.calls).isEmpty();
	}

	@Test
	void interruptCancelsTheCallAndIsKept() throws Exception {
		call(this.channel);
		this.server.answer = this::waitForEver;
		AtomicReference<SpireException> failure = new AtomicReference<>();
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		Thread caller = new Thread(() -> {
			failure.set(failure(this.channel));
			interrupted.complete(Thread.currentThread().isInterrupted());
		});
		caller.start();
		await().until(() -> this.server.calls.size() >= 2);
		caller.interrupt();
		assertThat(interrupted.get(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
		assertThat(failure.get().reason()).isEqualTo(FailureReason.CANCELLED);
		this.server.answer = () -> GrpcTestServer.BUNDLE;
		assertThat(call(this.channel)).isEqualTo(GrpcTestServer.BUNDLE);
	}

	@Test
	void interruptEndsTheFirstCallToo() throws Exception {
		Thread.currentThread().interrupt();
		SpireException failure = failure(this.channel);
		assertThat(Thread.interrupted()).isTrue();
		assertThat(failure.reason()).isEqualTo(FailureReason.CANCELLED);
		assertThat(call(this.channel)).isEqualTo(GrpcTestServer.BUNDLE);
	}

	@Test
	void closeEndsCallsInFlightAndLaterOnes() throws Exception {
		this.server.answer = this::waitForEver;
		List<CompletableFuture<SpireException>> failures = IntStream.range(0, 5)
			.mapToObj((i) -> this.time.call(() -> failure(this.channel)))
			.toList();
		await().until(() -> !this.server.calls.isEmpty());
		// nobody else is kept from a connection for longer
		this.time.passInVain(Duration.ofMillis(200));
		await().until(() -> this.server.calls.size() >= 5);
		this.channel.close();
		for (CompletableFuture<SpireException> failure : failures) {
			assertThat(failure.get(Patience.SECONDS, TimeUnit.SECONDS).reason()).isEqualTo(FailureReason.CANCELLED);
		}
		int calls = this.server.calls.size();
		assertThat(failure(this.channel).reason()).isEqualTo(FailureReason.CANCELLED);
		assertThat(this.server.calls).hasSize(calls);
	}

	@Test
	void closeEndsACallThatConnects() throws Exception {
		try (RawServer silent = RawServer.silent("127.0.0.1", 0); GrpcChannel connecting = silent.channel()) {
			CompletableFuture<SpireException> failure = CompletableFuture.supplyAsync(() -> failure(connecting),
					(task) -> new Thread(task).start());
			await().until(() -> silent.connections() == 1);
			connecting.close();
			assertThat(failure.get(Patience.SECONDS, TimeUnit.SECONDS).reason()).isEqualTo(FailureReason.CANCELLED);
		}
	}

	@Test
	void failuresHoldNothingOfTheRequest() throws Exception {
		AttestAgentRequest.Builder request = AttestAgentRequest.newBuilder();
		request.getParamsBuilder().getDataBuilder().setPayload(ByteString.copyFromUtf8(TOKEN));
		byte[] frame = GrpcFrame.of(request.build().toByteArray());
		byte[] malformed = GrpcFrame.of(("\n\u007f" + TOKEN).getBytes(StandardCharsets.UTF_8));
		List<RawServer.Http2Handler> faults = List.of((peer) -> peer.reset(peer.request(), 2),
				(peer) -> peer.message(peer.request(), malformed),
				(peer) -> peer.headers(peer.request(), true, ":status", "200", "grpc-status", TOKEN.substring(1)));
		for (RawServer.Http2Handler fault : faults) {
			try (RawServer raw = RawServer.http2(fault); GrpcChannel channel = raw.channel(this.time)) {
				assertHoldsNoToken(attest(channel, request));
			}
		}
		CountDownLatch sent = new CountDownLatch(1);
		try (RawServer raw = RawServer.http2((peer) -> {
			// ignored, since headers should come first
			peer.data(peer.request(), true, frame);
			sent.countDown();
		}); GrpcChannel channel = raw.channel(this.time)) {
			CompletableFuture<SpireException> failure = this.time.call(() -> attest(channel, request));
			sent.await();
			this.time.passInVain(TIMEOUT);
			assertHoldsNoToken(failure.get(Patience.SECONDS, TimeUnit.SECONDS));
		}
		assertThat(new GrpcCall("/path", frame, Deadline.in(TIMEOUT, this.time))).hasToString("/path");
	}

	private static SpireException attest(GrpcChannel channel, AttestAgentRequest.Builder request) {
		return catchThrowableOfType(SpireException.class,
				() -> channel.call(GrpcMethod.ATTEST_AGENT, request.build().toByteArray(), TIMEOUT));
	}

	private static void assertHoldsNoToken(SpireException failure) {
		StringWriter trace = new StringWriter();
		failure.printStackTrace(new PrintWriter(trace));
		assertThat(trace.toString()).contains("SpireException").doesNotContain(TOKEN.substring(1));
	}

	private static Bundle bundle(int size) {
		return Bundle.newBuilder()
			.addX509Authorities(X509Certificate.newBuilder().setAsn1(ByteString.copyFrom(new byte[size])))
			.build();
	}

	private Bundle waitForEver() {
		Latches.await(this.never);
		return GrpcTestServer.BUNDLE;
	}

	private static Bundle call(GrpcChannel channel) {
		return Messages.bundle(channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT));
	}

	private static SpireException failure(GrpcChannel channel) {
		return catchThrowableOfType(SpireException.class, () -> call(channel));
	}

}
