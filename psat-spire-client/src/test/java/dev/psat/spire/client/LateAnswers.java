package dev.psat.spire.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.wire.internal.GrpcFrame;
import dev.psat.spire.wire.internal.TestTime;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Callers, and a server that answers them late or never.
 */
@Timeout(Patience.SECONDS)
abstract class LateAnswers {

	static final Duration TIMEOUT = Patience.LIMIT;

	/** Until a call that hears nothing on a new connection asks whether it is dead. */
	static final Duration FIRST_SILENCE = Duration.ofMillis(2200);

	/** The same on one on which something was answered. */
	static final Duration SILENCE = Duration.ofSeconds(2);

	/** From then until a connection on which nothing was heard is dead. */
	static final Duration JUDGEMENT = Duration.ofSeconds(3);

	private static final byte[] FRAME = GrpcFrame.of(GrpcTestServer.BUNDLE.toByteArray());

	final TestTime time = new TestTime();

	/** What was asked and is not answered, in order. */
	final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

	/**
	 * Start a server that answers when a test says so.
	 */
	final RawServer server() {
		return RawServer.http2(this::receive);
	}

	final void receive(Http2Peer peer) throws Exception {
		while (true) {
			this.requests.add(new Request(peer, peer.request()));
		}
	}

	/**
	 * Wait for the next request.
	 */
	final Request asked() throws InterruptedException {
		Request request = this.requests.poll(Patience.SECONDS, TimeUnit.SECONDS);
		assertThat(request).isNotNull();
		return request;
	}

	final List<CompletableFuture<Bundle>> callAtOnce(GrpcChannel channel, int count) {
		return Stream.generate(() -> call(channel)).limit(count).toList();
	}

	final CompletableFuture<Bundle> call(GrpcChannel channel) {
		return this.time
			.call(() -> Messages.bundle(channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT)));
	}

	final CompletableFuture<SpireException> failure(GrpcChannel channel, Duration timeout) {
		return this.time.call(() -> catchThrowableOfType(SpireException.class,
				() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, timeout)));
	}

	static void assertAnswered(CompletableFuture<Bundle> call) {
		assertThat(call).succeedsWithin(Patience.LIMIT).isEqualTo(GrpcTestServer.BUNDLE);
	}

	static void assertTimedOut(CompletableFuture<SpireException> call) {
		assertThat(call).succeedsWithin(Patience.LIMIT)
			.extracting(SpireException::reason)
			.isEqualTo(FailureReason.TIMED_OUT);
	}

	/**
	 * A request that may be answered.
	 *
	 * @param peer the connection
	 * @param stream the stream
	 */
	record Request(Http2Peer peer, int stream) {

		void answer() throws Exception {
			answer(FRAME);
		}

		void answer(byte[] frame) throws Exception {
			this.peer.message(this.stream, frame);
		}

	}

}
