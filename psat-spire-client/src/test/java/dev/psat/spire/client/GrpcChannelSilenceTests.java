package dev.psat.spire.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.spire.test.proto.Bundle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link GrpcChannel} and calls that hear nothing for a while.
 */
class GrpcChannelSilenceTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final byte[] FRAME = GrpcFrame.of(GrpcTestServer.BUNDLE.toByteArray());

	private final AtomicInteger requests = new AtomicInteger();

	private final ScheduledExecutorService server = Executors.newSingleThreadScheduledExecutor();

	private final ExecutorService callers = Executors.newCachedThreadPool();

	@AfterEach
	void end() {
		this.server.shutdownNow();
		this.callers.shutdownNow();
	}

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
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(6500));
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
				assertThat(late.poll(5, TimeUnit.SECONDS)).isEqualTo(GrpcTestServer.BUNDLE);
			}
			assertThat(raw.connections()).isOne();
		}
	}

	private void answerAfter(int millis, Http2Peer peer) throws Exception {
		while (true) {
			int stream = peer.request();
			this.server.schedule(() -> answer(peer, stream, 0), millis, TimeUnit.MILLISECONDS);
		}
	}

	private static void answer(Http2Peer peer, int stream, int millis) {
		try {
			TimeUnit.MILLISECONDS.sleep(millis);
			synchronized (peer) {
				peer.message(stream, FRAME);
			}
		}
		catch (Exception ex) {
			// the test has ended
		}
	}

	private void callAtOnce(GrpcChannel channel, int count) throws Exception {
		List<Future<Bundle>> answers = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			answers.add(this.callers.submit(() -> call(channel)));
		}
		for (Future<Bundle> answer : answers) {
			assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(GrpcTestServer.BUNDLE);
		}
	}

	private static Bundle call(GrpcChannel channel) throws GrpcStatusException {
		return Messages.bundle(channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT));
	}

}
