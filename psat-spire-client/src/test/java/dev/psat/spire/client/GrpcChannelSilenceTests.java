package dev.psat.spire.client;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.psat.spire.test.proto.Bundle;
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
			long start = System.nanoTime();
			for (int i = 0; i < 2; i++) {
				call(channel);
			}
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(8500));
			assertThat(raw.connections()).isOne();
		}
	}

	@Test
	void hastyCallersDoNotLeaveAServerThatIsSlow() throws Exception {
		try (RawServer raw = RawServer.http2((peer) -> answerAfter(1000, peer)); GrpcChannel channel = raw.channel()) {
			call(channel);
			for (int i = 0; i < 4; i++) {
				SpireException failure = catchThrowableOfType(SpireException.class,
						() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, Duration.ofMillis(300)));
				assertThat(failure.reason()).isEqualTo(FailureReason.TIMED_OUT);
			}
			call(channel);
			assertThat(raw.connections()).isOne();
		}
	}

	@Test
	void answerThatCallersNoLongerWaitForIsHandedOver() throws Exception {
		BlockingQueue<Bundle> late = new LinkedBlockingQueue<>();
		try (RawServer raw = RawServer.http2((peer) -> answerAfter(700, peer)); GrpcChannel channel = raw.channel()) {
			call(channel);
			for (int i = 0; i < 2; i++) {
				SpireException failure = catchThrowableOfType(SpireException.class,
						() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT,
								Duration.ofMillis(200), (answer) -> late.add(Messages.bundle(answer))));
				assertThat(failure.reason()).isEqualTo(FailureReason.TIMED_OUT);
				assertThat(late.poll(20, TimeUnit.SECONDS)).isEqualTo(GrpcTestServer.BUNDLE);
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
