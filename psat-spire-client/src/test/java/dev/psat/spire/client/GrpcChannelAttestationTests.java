package dev.psat.spire.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.psat.spire.wire.internal.GrpcFrame;
import dev.psat.spire.wire.internal.Message;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link GrpcChannel} and attestations that hear nothing: they may wait in the
 * server's queue.
 */
class GrpcChannelAttestationTests extends LateAnswers {

	private static final Duration ATTESTATION_SILENCE = Duration.ofSeconds(5);

	private static final Duration UNTIL_IT_IS_ASKED = Duration.ofMillis(5200);

	@Test
	void silentAttestationWaitsWhileAnythingElseIsAnswered() throws Exception {
		try (RawServer queue = server(); GrpcChannel channel = queue.channel(this.time)) {
			CompletableFuture<Message> attestation = this.time.call(() -> attest(channel));
			Request request = asked();
			this.time.passInVain(UNTIL_IT_IS_ASKED);
			for (int i = 2; i <= 8; i *= 2) {
				Request probe = asked();
				probe.answer();
				this.time.awaitWait(ATTESTATION_SILENCE.multipliedBy(i));
				this.time.passInVain(ATTESTATION_SILENCE.multipliedBy(i));
			}
			assertThat(attestation).isNotDone();
			request.answer(GrpcFrame.of(new byte[0]));
			assertThat(attestation).succeedsWithin(Patience.LIMIT).satisfies((empty) -> {
				assertThat(empty.has(FieldNumbers.ATTEST_AGENT_RESPONSE_RESULT)).isFalse();
				assertThat(empty.has(FieldNumbers.ATTEST_AGENT_RESPONSE_CHALLENGE)).isFalse();
			});
			assertThat(queue.connections()).isOne();
		}
	}

	@Test
	void silentAttestationEndsIfNothingElseIsAnswered() throws Exception {
		try (RawServer hung = server(); GrpcChannel channel = hung.channel(this.time)) {
			CompletableFuture<SpireException> failure = this.time
				.call(() -> catchThrowableOfType(SpireException.class, () -> attest(channel)));
			asked();
			this.time.passInVain(UNTIL_IT_IS_ASKED);
			// the probe
			asked();
			this.time.passInVain(Duration.ofMillis(4999));
			assertThat(failure).isNotDone();
			this.time.passInVain(Duration.ofMillis(1));
			assertThat(failure).succeedsWithin(Patience.LIMIT)
				.extracting(SpireException::reason)
				.isEqualTo(FailureReason.UNREACHABLE);
			assertThat(failure.get()).hasMessageContaining("127.0.0.1").hasMessageContaining("nor anything else");
			assertThat(this.requests).isEmpty();
		}
	}

	private static Message attest(GrpcChannel channel) {
		return channel.call(GrpcMethod.ATTEST_AGENT, GrpcMethod.EMPTY_REQUEST, TIMEOUT);
	}

}
