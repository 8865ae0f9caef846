package dev.psat.spire.client;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GrpcChannel} and calls whose answer never comes.
 */
class GrpcChannelLostCallTests extends LateAnswers {

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
