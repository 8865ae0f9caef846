package dev.psat.spire.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.psat.spire.test.proto.Bundle;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link GrpcChannel} and calls whose answer never comes.
 */
class GrpcChannelLostCallTests extends LateAnswers {

	private static final int CALLERS = 20;

	@Test
	void oneProbeDecidesForAllCallsOnAConnectionThatIsDead() throws Exception {
		try (RawServer raw = server(); GrpcChannel channel = raw.channel(this.time)) {
			CompletableFuture<Bundle> first = call(channel);
			asked().answer();
			assertAnswered(first);
			List<CompletableFuture<Bundle>> calls = callAtOnce(channel, CALLERS);
			await().until(() -> this.requests.size() == CALLERS);
			this.time.passInVain(SILENCE);
			await().until(() -> this.requests.size() == CALLERS + 1);
			this.requests.clear();
			assertThat(raw.connections()).isOne();
			this.time.passInVain(JUDGEMENT);
			for (int i = 0; i < CALLERS; i++) {
				asked().answer();
			}
			calls.forEach(LateAnswers::assertAnswered);
			assertThat(this.requests).isEmpty();
			assertThat(raw.connections()).isEqualTo(2);
		}
	}

}
