package dev.psat.spire.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.spire.test.proto.Bundle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GrpcChannel} and calls whose answer never comes.
 */
class GrpcChannelLostCallTests {

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
	void callThatIsLostAloneIsSentOnceMoreOnTheSameConnection() throws Exception {
		try (RawServer raw = RawServer.http2((peer) -> {
			while (true) {
				int stream = peer.request();
				if (this.requests.incrementAndGet() != 2) {
					answer(peer, stream, 0);
				}
			}
		}); GrpcChannel channel = raw.channel()) {
			for (int i = 0; i < 3; i++) {
				call(channel);
			}
			// the lost one again, and the probe
			assertThat(this.requests).hasValue(5);
			assertThat(raw.connections()).isOne();
		}
	}

	@Test
	void callsThatAreLostAreSentAgainOneAtATime() throws Exception {
		AtomicInteger open = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		try (RawServer raw = RawServer.http2((peer) -> {
			while (true) {
				int stream = peer.request();
				int number = this.requests.incrementAndGet();
				if (number == 1 || number == 6) {
					// the probe is the sixth
					answer(peer, stream, 0);
				}
				else if (number > 6) {
					most.accumulateAndGet(open.incrementAndGet(), Math::max);
					this.server.schedule(() -> {
						open.decrementAndGet();
						answer(peer, stream, 0);
					}, 300, TimeUnit.MILLISECONDS);
				}
			}
		}); GrpcChannel channel = raw.channel()) {
			call(channel);
			callAtOnce(channel, 4);
			assertThat(this.requests).hasValue(10);
			assertThat(most).hasValue(1);
			assertThat(raw.connections()).isOne();
		}
	}

	@Test
	void oneProbeDecidesForAllCallsOnAConnectionThatIsDead() throws Exception {
		AtomicInteger unanswered = new AtomicInteger();
		try (RawServer raw = RawServer.http2((peer) -> {
			boolean second = this.requests.getAndIncrement() > 0;
			answer(peer, peer.request(), 0);
			while (true) {
				int stream = peer.request();
				if (second) {
					answer(peer, stream, 0);
				}
				else {
					unanswered.incrementAndGet();
				}
			}
		}); GrpcChannel channel = raw.channel()) {
			call(channel);
			callAtOnce(channel, 20);
			assertThat(unanswered).hasValue(21);
			assertThat(raw.connections()).isEqualTo(2);
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
