package dev.psat.spire.client;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.spire.test.proto.Bundle;
import dev.psat.support.Latches;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link GrpcChannel} and calls that hear nothing for a while.
 */
class GrpcChannelSilenceTests extends LateAnswers {

	@Test
	void slowServerAnswersAllCallsOnOneConnection() throws Exception {
		try (RawServer raw = RawServer.http2((peer) -> {
			while (true) {
				int stream = peer.request();
				this.requests.incrementAndGet();
				// one after the other
				this.server.execute(() -> answer(peer, stream, 20));
			}
		}); GrpcChannel channel = raw.channel()) {
			call(channel);
			callAtOnce(channel, 150);
			assertThat(raw.connections()).isOne();
			assertThat(this.requests).hasValueBetween(151, 170);
		}
	}

	@Test
	void answerThatTakesTwoAndAHalfSecondsIsTaken() throws Exception {
		try (RawServer raw = RawServer.http2((peer) -> answerAfter(2500, peer)); GrpcChannel channel = raw.channel()) {
			for (int i = 0; i < 2; i++) {
				call(channel);
			}
			assertThat(raw.connections()).isOne();
		}
	}

	@Test
	void hastyCallersDoNotLeaveAServerThatIsSlow() throws Exception {
		try (RawServer raw = RawServer.http2((peer) -> answerAfter(1900, peer)); GrpcChannel channel = raw.channel()) {
			call(channel);
			for (int i = 0; i < 4; i++) {
				SpireException failure = catchThrowableOfType(SpireException.class,
						() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, Duration.ofMillis(100)));
				assertThat(failure.reason()).isEqualTo(FailureReason.TIMED_OUT);
			}
			call(channel);
			assertThat(raw.connections()).isOne();
		}
	}

	@Test
	void answerThatCallersNoLongerWaitForIsHandedOver() throws Exception {
		BlockingQueue<Bundle> late = new LinkedBlockingQueue<>();
		AtomicReference<CountDownLatch> given = new AtomicReference<>(new CountDownLatch(0));
		try (RawServer raw = RawServer.http2((peer) -> {
			while (true) {
				int stream = peer.request();
				CountDownLatch go = given.get();
				this.server.execute(() -> {
					Latches.await(go);
					answer(peer, stream);
				});
			}
		}); GrpcChannel channel = raw.channel()) {
			call(channel);
			for (int i = 0; i < 2; i++) {
				CountDownLatch go = new CountDownLatch(1);
				given.set(go);
				SpireException failure = catchThrowableOfType(SpireException.class,
						() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT,
								Duration.ofMillis(500), (answer) -> late.add(Messages.bundle(answer))));
				assertThat(failure.reason()).isEqualTo(FailureReason.TIMED_OUT);
				go.countDown();
				assertThat(late.poll(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo(GrpcTestServer.BUNDLE);
			}
			assertThat(raw.connections()).isOne();
		}
	}

	private void answerAfter(int millis, Http2Peer peer) throws Exception {
		while (true) {
			int stream = peer.request();
			this.server.schedule(() -> answer(peer, stream), millis, TimeUnit.MILLISECONDS);
		}
	}

}
