package dev.psat.spire.client;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.wire.internal.GrpcFrame;
import dev.psat.spire.wire.internal.TestTime;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link GrpcChannel} and servers that answer as no SPIRE Server does.
 */
@Timeout(Patience.SECONDS)
class GrpcChannelProtocolTests {

	private static final Duration TIMEOUT = Patience.LIMIT;

	private static final byte[] FRAME = GrpcFrame.of(GrpcTestServer.BUNDLE.toByteArray());

	private final TestTime time = new TestTime();

	private final CountDownLatch done = new CountDownLatch(1);

	@Test
	void messageByHandIsTaken() throws Exception {
		try (RawServer raw = RawServer.http2((peer) -> peer.message(peer.request(), FRAME));
				GrpcChannel channel = raw.channel()) {
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
		}
	}

	@Test
	void messageInPiecesIsTaken() throws Exception {
		try (RawServer raw = RawServer.http2((peer) -> {
			int stream = peer.request();
			peer.grpcHeaders(stream);
			for (byte part : FRAME) {
				peer.data(stream, false, part);
			}
			peer.headers(stream, true, "grpc-status", "0");
		}); GrpcChannel channel = raw.channel()) {
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
		}
	}

	@Test
	void statusInTrailersWithoutAMessageIsNoAnswer() throws Exception {
		assertMalformed((peer) -> {
			int stream = peer.request();
			peer.grpcHeaders(stream);
			peer.headers(stream, true, "grpc-status", "7", "grpc-message", "denied");
		}, "neither a message nor a status");
	}

	@Test
	void successWithoutAMessageIsNoAnswer() throws Exception {
		assertMalformed((peer) -> peer.headers(peer.request(), true, ":status", "200", "content-type",
				"application/grpc", "grpc-status", "0"), "neither a message nor a status");
	}

	@Test
	void statusThatIsNoNumberIsNoAnswer() throws Exception {
		assertMalformed((peer) -> peer.headers(peer.request(), true, ":status", "200", "grpc-status", "seven"),
				"not a number");
	}

	@Test
	void httpErrorIsNoAnswer() throws Exception {
		assertMalformed(
				(peer) -> peer.headers(peer.request(), true, ":status", "503", "content-type", "application/grpc"),
				"HTTP status 503");
	}

	@Test
	void statusOfGrpcCountsMoreThanThatOfHttp() throws Exception {
		try (RawServer raw = RawServer
			.http2((peer) -> peer.headers(peer.request(), true, ":status", "503", "grpc-status", "14"));
				GrpcChannel channel = raw.channel()) {
			assertThat(catchThrowableOfType(SpireException.class, () -> call(channel)))
				.hasMessageContaining("answered with code 14");
		}
	}

	@Test
	void otherContentTypeIsNoAnswer() throws Exception {
		assertMalformed((peer) -> {
			int stream = peer.request();
			peer.headers(stream, false, ":status", "200", "content-type", "text/html");
			peer.data(stream, true, FRAME);
		}, "text/html");
	}

	@Test
	void otherContentTypeIsQuoted() throws Exception {
		SpireException failure = failure((peer) -> {
			int stream = peer.request();
			peer.headers(stream, false, ":status", "200", "content-type", "text/html \"\\");
			peer.data(stream, true, FRAME);
		});
		assertThat(failure).hasMessageContaining("is \"text/html \\u0022\\u005c\"");
	}

	@Test
	void messageThatIsCutOffIsNoAnswer() throws Exception {
		assertMalformed((peer) -> {
			int stream = peer.request();
			peer.grpcHeaders(stream);
			peer.data(stream, true, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 9, (byte) 1);
		}, "announces a message of 9");
	}

	@Test
	void messageThatCannotBeParsedIsNoAnswer() throws Exception {
		assertMalformed((peer) -> peer.message(peer.request(), new byte[] { 0, 0, 0, 0, 1, -1 }), "cannot be parsed");
	}

	@Test
	void connectionThatBreaksWithinTheAnswerIsNoAnswer() throws Exception {
		assertMalformed((peer) -> {
			int stream = peer.request();
			peer.grpcHeaders(stream);
			peer.data(stream, false, FRAME);
			peer.reset(stream, 2);
		}, "did not complete its answer");
	}

	@Test
	void streamThatIsResetFailsAtOnce() throws Exception {
		assertThat(failure((peer) -> peer.reset(peer.request(), 8)).reason()).isEqualTo(FailureReason.UNREACHABLE);
	}

	@Test
	void goodbyeWithoutAnAnswerFailsAtOnce() throws Exception {
		assertThat(failure((peer) -> {
			peer.request();
			peer.goAway(0);
			throw new IOException("closes the connection");
		}).reason()).isEqualTo(FailureReason.UNREACHABLE);
	}

	/**
	 * The client of JDK 17 leaves the connection at once, later ones wait there for the
	 * answer.
	 */
	@Test
	void callThatIsForgottenAfterAGoodbyeIsRepeated() throws Exception {
		AtomicInteger connections = new AtomicInteger();
		try (RawServer raw = RawServer.http2((peer) -> {
			boolean first = connections.incrementAndGet() == 1;
			peer.message(peer.request(), FRAME);
			if (first) {
				peer.goAway(peer.request());
				this.done.await();
			}
			while (true) {
				peer.message(peer.request(), FRAME);
			}
		}); GrpcChannel channel = raw.channel(GrpcTestServer.hasty())) {
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
		}
		finally {
			this.done.countDown();
		}
	}

	@Test
	void bodyThatTricklesForEverTimesOut() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		try (RawServer raw = RawServer.http2((peer) -> {
			int stream = peer.request();
			peer.grpcHeaders(stream);
			asked.countDown();
			while (!this.done.await(20, TimeUnit.MILLISECONDS)) {
				peer.data(stream, false, (byte) 0);
			}
		}); GrpcChannel channel = raw.channel(this.time)) {
			assertTimesOut(channel, asked);
		}
		this.done.countDown();
	}

	@Test
	void bodyThatHasNoEndIsNotReadBeyondItsBound() throws Exception {
		assertMalformed((peer) -> {
			int stream = peer.request();
			peer.grpcHeaders(stream);
			byte[] part = new byte[16 * 1024];
			for (int i = 0; i < 15 * 64; i++) {
				peer.data(stream, false, part);
			}
			peer.windowOpened(stream);
			for (int i = 0; i < 2 * 64; i++) {
				peer.data(stream, false, part);
			}
			this.done.await();
		}, "longer than");
		this.done.countDown();
	}

	@Test
	void headersWithoutABodyTimeOut() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		try (RawServer raw = RawServer.http2((peer) -> {
			peer.grpcHeaders(peer.request());
			asked.countDown();
		}); GrpcChannel channel = raw.channel(this.time)) {
			assertTimesOut(channel, asked);
		}
	}

	@Test
	void silenceTimesOut() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		try (RawServer raw = RawServer.http2((peer) -> {
			peer.request();
			asked.countDown();
		}); GrpcChannel channel = raw.channel(this.time)) {
			assertTimesOut(channel, asked);
		}
	}

	@Test
	void goodbyeAfterAnAnswerIsNoFailure() throws Exception {
		Semaphore read = new Semaphore(0);
		try (RawServer raw = RawServer.http2((peer) -> {
			int stream = peer.request();
			peer.message(stream, FRAME);
			peer.goAway(stream);
			try {
				peer.awaitRead();
			}
			finally {
				read.release();
			}
		}); GrpcChannel channel = raw.channel()) {
			for (int i = 0; i < 5; i++) {
				assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
				// a server that is gone ignores a call which the goodbye has crossed
				read.acquire();
			}
		}
	}

	private void assertTimesOut(GrpcChannel channel, CountDownLatch asked) throws Exception {
		CompletableFuture<SpireException> failure = this.time
			.call(() -> catchThrowableOfType(SpireException.class, () -> call(channel)));
		asked.await();
		this.time.passInVain(TIMEOUT);
		assertThat(failure).succeedsWithin(TIMEOUT)
			.extracting(SpireException::reason)
			.isEqualTo(FailureReason.TIMED_OUT);
	}

	private static void assertMalformed(RawServer.Http2Handler handler, String message) throws Exception {
		SpireException failure = failure(handler);
		assertThat(failure.reason()).isEqualTo(FailureReason.PROTOCOL_ERROR);
		assertThat(failure).hasMessageContaining(message);
	}

	private static SpireException failure(RawServer.Http2Handler handler) throws Exception {
		try (RawServer raw = RawServer.http2(handler); GrpcChannel channel = raw.channel()) {
			SpireException failure = catchThrowableOfType(SpireException.class, () -> call(channel));
			// as silence alone would
			assertThat(failure.reason()).isNotEqualTo(FailureReason.TIMED_OUT);
			return failure;
		}
	}

	private static Bundle call(GrpcChannel channel) {
		return Messages.bundle(channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT));
	}

}
