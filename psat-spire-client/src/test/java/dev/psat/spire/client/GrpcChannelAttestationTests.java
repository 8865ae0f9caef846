package dev.psat.spire.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

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
class GrpcChannelAttestationTests {

	@Test
	void silentAttestationIsJudgedByWhatElseIsAnswered() throws Exception {
		AtomicInteger queued = new AtomicInteger();
		AtomicInteger dead = new AtomicInteger();
		try (RawServer queue = RawServer.http2((peer) -> {
			int attestation = peer.request();
			int probe = peer.request();
			queued.incrementAndGet();
			peer.message(probe, GrpcFrame.of(GrpcTestServer.BUNDLE.toByteArray()));
			TimeUnit.SECONDS.sleep(1);
			peer.message(attestation, GrpcFrame.of(new byte[0]));
		}); GrpcChannel waiting = queue.channel(); RawServer hung = RawServer.http2((peer) -> {
			while (true) {
				peer.request();
				dead.incrementAndGet();
			}
		}); GrpcChannel hanging = hung.channel()) {
			CompletableFuture<Message> answer = new CompletableFuture<>();
			Thread caller = new Thread(() -> {
				try {
					answer.complete(attest(waiting));
				}
				catch (SpireException ex) {
					answer.completeExceptionally(ex);
				}
			});
			caller.start();
			long start = System.nanoTime();
			SpireException failure = catchThrowableOfType(SpireException.class, () -> attest(hanging));
			assertThat(failure.reason()).isEqualTo(FailureReason.UNREACHABLE);
			assertThat(failure).hasMessageContaining("127.0.0.1").hasMessageContaining("nor anything else");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(9));
			assertThat(dead).as("the attestation and the probe").hasValue(2);
			assertThat(answer.get(Patience.SECONDS, TimeUnit.SECONDS)).satisfies((empty) -> {
				assertThat(empty.has(FieldNumbers.ATTEST_AGENT_RESPONSE_RESULT)).isFalse();
				assertThat(empty.has(FieldNumbers.ATTEST_AGENT_RESPONSE_CHALLENGE)).isFalse();
			});
			assertThat(queued).hasValue(1);
			assertThat(queue.connections()).isOne();
		}
	}

	private static Message attest(GrpcChannel channel) {
		return channel.call(GrpcMethod.ATTEST_AGENT, GrpcMethod.EMPTY_REQUEST, Duration.ofSeconds(60));
	}

}
