package dev.psat.spire.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.psat.spire.test.proto.Bundle;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link GrpcChannel} and calls that hear nothing for a while.
 */
class GrpcChannelSilenceTests extends LateAnswers {

	private static final int CALLERS = 50;

	@Test
	void slowServerAnswersAllCallsOnOneConnection() throws Exception {
		try (RawServer raw = server(); GrpcChannel channel = raw.channel(this.time)) {
			CompletableFuture<Bundle> first = call(channel);
			asked().answer();
			assertAnswered(first);
			List<CompletableFuture<Bundle>> calls = new ArrayList<>(callAtOnce(channel, CALLERS));
			await().until(() -> this.requests.size() == CALLERS);
			this.time.passInVain(Duration.ofSeconds(1));
			asked().answer();
			CompletableFuture.anyOf(calls.toArray(CompletableFuture[]::new)).join();
			this.time.passInVain(Duration.ofSeconds(1));
			// whoever heard nothing for two seconds knows that others did
			this.time.awaitWait(SILENCE.multipliedBy(2));
			assertThat(this.requests).hasSize(CALLERS - 1);
			this.time.passInVain(SILENCE.multipliedBy(2));
			// one asks for all
			await().until(() -> this.requests.size() == CALLERS);
			while (!this.requests.isEmpty()) {
				asked().answer();
			}
			calls.forEach(LateAnswers::assertAnswered);
			assertThat(this.requests).isEmpty();
			assertThat(raw.connections()).isOne();
		}
	}

	@Test
	void answerThatTakesLongerThanSilenceIsTaken() throws Exception {
		try (RawServer raw = server(); GrpcChannel channel = raw.channel(this.time)) {
			for (int i = 0; i < 2; i++) {
				CompletableFuture<Bundle> call = call(channel);
				Request request = asked();
				this.time.passInVain(Duration.ofMillis(2500));
				Request probe = asked();
				request.answer();
				assertAnswered(call);
				probe.answer();
			}
			assertThat(raw.connections()).isOne();
		}
	}

	@Test
	void hastyCallersDoNotLeaveAServerThatIsSlow() throws Exception {
		try (RawServer raw = server(); GrpcChannel channel = raw.channel(this.time)) {
			CompletableFuture<Bundle> first = call(channel);
			Request request = asked();
			this.time.passInVain(Duration.ofMillis(1900));
			request.answer();
			assertAnswered(first);
			for (int i = 0; i < 4; i++) {
				CompletableFuture<SpireException> hasty = failure(channel, Duration.ofMillis(100));
				asked();
				this.time.passInVain(Duration.ofMillis(100));
				assertTimedOut(hasty);
				if (i == 0) {
					// the probe
					asked();
				}
			}
			CompletableFuture<Bundle> last = call(channel);
			request = asked();
			this.time.passInVain(Duration.ofMillis(1900));
			request.answer();
			assertAnswered(last);
			assertThat(raw.connections()).isOne();
		}
	}

	@Test
	void answerThatCallersNoLongerWaitForIsHandedOver() throws Exception {
		try (RawServer raw = server(); GrpcChannel channel = raw.channel(this.time)) {
			CompletableFuture<Bundle> first = call(channel);
			asked().answer();
			assertAnswered(first);
			for (int i = 0; i < 2; i++) {
				CompletableFuture<Bundle> late = new CompletableFuture<>();
				CompletableFuture<SpireException> failure = this.time
					.call(() -> catchThrowableOfType(SpireException.class,
							() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT,
									Duration.ofMillis(500), (answer) -> late.complete(Messages.bundle(answer)))));
				Request request = asked();
				this.time.passInVain(Duration.ofMillis(500));
				assertTimedOut(failure);
				Request probe = asked();
				assertThat(late).isNotDone();
				request.answer();
				assertAnswered(late);
				probe.answer();
			}
			assertThat(raw.connections()).isOne();
		}
	}

}
