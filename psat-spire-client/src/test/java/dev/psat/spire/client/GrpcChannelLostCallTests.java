package dev.psat.spire.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GrpcChannel} and calls whose answer never comes.
 */
class GrpcChannelLostCallTests extends LateAnswers {

	@Test
	void callThatIsLostAloneIsSentOnceMoreOnTheSameConnection() throws Exception {
		try (RawServer raw = RawServer.http2((peer) -> {
			while (true) {
				int stream = peer.request();
				if (this.requests.incrementAndGet() != 2) {
					answer(peer, stream);
				}
			}
		}); GrpcChannel channel = raw.channel()) {
			for (int i = 0; i < 3; i++) {
				call(channel);
			}
			// the lost one again, and the probe; two more if an answer is late
			assertThat(this.requests).hasValueBetween(5, 7);
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
					answer(peer, stream);
				}
				else if (number > 6) {
					most.accumulateAndGet(open.incrementAndGet(), Math::max);
					this.server.schedule(() -> {
						open.decrementAndGet();
						answer(peer, stream);
					}, 300, TimeUnit.MILLISECONDS);
				}
			}
		}); GrpcChannel channel = raw.channel()) {
			call(channel);
			callAtOnce(channel, 4);
			assertThat(this.requests).hasValueBetween(10, 12);
			assertThat(most).hasValue(1);
			assertThat(raw.connections()).isOne();
		}
	}

	@Test
	void oneProbeDecidesForAllCallsOnAConnectionThatIsDead() throws Exception {
		AtomicInteger unanswered = new AtomicInteger();
		try (RawServer raw = RawServer.http2((peer) -> {
			boolean second = this.requests.getAndIncrement() > 0;
			answer(peer, peer.request());
			while (true) {
				int stream = peer.request();
				if (second) {
					answer(peer, stream);
				}
				else {
					unanswered.incrementAndGet();
				}
			}
		}); GrpcChannel channel = raw.channel()) {
			call(channel);
			callAtOnce(channel, 20);
			assertThat(unanswered).hasValueBetween(21, 23);
			assertThat(raw.connections()).isEqualTo(2);
		}
	}

}
