package dev.psat.spire.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.psat.spire.test.proto.Bundle;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link GrpcChannel} and new connections on which nothing is answered.
 */
class GrpcChannelMuteAddressTests extends LateAnswers {

	@Test
	void silenceIsReportedWithWhatBecameOfTheOtherAddress() throws Exception {
		allAtOnce(this::otherAddressIsSilentToo, this::otherAddressRefusesASilentCall,
				this::otherAddressRefusesACallThatBreaksOff);
	}

	@Test
	void answerOfASlowServerIsTakenWhateverBecomesOfTheOtherAddress() throws Exception {
		allAtOnce(this::otherAddressIsSilent, this::otherAddressRefuses, this::otherAddressBreaksOff);
	}

	/**
	 * Run cases that each take seconds.
	 */
	private void allAtOnce(Case... cases) throws Exception {
		List<Future<?>> running = new ArrayList<>();
		for (Case one : cases) {
			running.add(this.callers.submit(() -> {
				one.run();
				return null;
			}));
		}
		for (Future<?> one : running) {
			one.get(Patience.SECONDS, TimeUnit.SECONDS);
		}
	}

	private void otherAddressIsSilentToo() throws Exception {
		try (RawServer mute = mute();
				GrpcTestServer silent = GrpcTestServer.start("127.0.0.2", mute.port());
				GrpcChannel channel = silent.channel("spire", "127.0.0.1", "127.0.0.2")) {
			silent.answer = () -> {
				TimeUnit.SECONDS.sleep(15);
				return GrpcTestServer.BUNDLE;
			};
			SpireException failure = catchThrowableOfType(SpireException.class,
					() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, Duration.ofSeconds(9)));
			assertThat(failure.reason()).isEqualTo(FailureReason.TIMED_OUT);
			assertThat(failure).hasMessageContaining("at 127.0.0.1 and 127.0.0.2 did not answer");
			assertThat(mute.connections()).isOne();
		}
	}

	private void otherAddressIsSilent() throws Exception {
		CompletableFuture<Void> repeated = new CompletableFuture<>();
		try (RawServer alone = answering(repeated);
				GrpcChannel only = alone.channel();
				RawServer slow = answering(repeated);
				GrpcTestServer silent = GrpcTestServer.start("127.0.0.2", slow.port());
				GrpcChannel channel = silent.channel("spire", "127.0.0.1", "127.0.0.2")) {
			silent.answer = () -> {
				repeated.complete(null);
				TimeUnit.SECONDS.sleep(10);
				return GrpcTestServer.BUNDLE;
			};
			Future<Bundle> fromTheOnly = this.callers.submit(() -> call(only));
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
			assertThat(fromTheOnly.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo(GrpcTestServer.BUNDLE);
			assertThat(silent.calls).hasSize(1);
			assertThat(slow.connections()).isOne();
			assertThat(alone.connections()).isOne();
			assertThat(this.requests).as("the two calls and their probes").hasValue(4);
		}
	}

	private void otherAddressRefuses() throws Exception {
		try (RawServer slow = slow(); GrpcChannel channel = channel(slow)) {
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
			assertThat(slow.connections()).isOne();
		}
	}

	private void otherAddressBreaksOff() throws Exception {
		try (RawServer slow = slow(); RawServer broken = RawServer.plain("127.0.0.2", slow.port(), (socket) -> {
			socket.getInputStream().read();
			socket.close();
		}); GrpcChannel channel = channel(slow)) {
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
			assertThat(broken.connections()).isPositive();
			assertThat(slow.connections()).isOne();
		}
	}

	private void otherAddressRefusesASilentCall() throws Exception {
		try (RawServer mute = mute(); GrpcChannel channel = channel(mute)) {
			SpireException failure = catchThrowableOfType(SpireException.class,
					() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, Duration.ofSeconds(9)));
			assertThat(failure.reason()).isEqualTo(FailureReason.TIMED_OUT);
			assertThat(failure).hasMessageContaining("at 127.0.0.1 (and ").hasMessageContaining("127.0.0.2");
			assertThat(mute.connections()).isOne();
		}
	}

	private void otherAddressRefusesACallThatBreaksOff() throws Exception {
		try (RawServer breaking = RawServer.http2((peer) -> {
			int stream = peer.request();
			TimeUnit.SECONDS.sleep(8);
			peer.reset(stream, 2);
		}); GrpcChannel channel = channel(breaking)) {
			SpireException failure = catchThrowableOfType(SpireException.class, () -> call(channel));
			assertThat(failure.reason()).isEqualTo(FailureReason.UNREACHABLE);
			assertThat(failure).hasMessageContaining("at 127.0.0.1 (and ").hasMessageContaining("127.0.0.2");
		}
	}

	/**
	 * Create a channel to a server and, at another address, to nothing.
	 */
	private static GrpcChannel channel(RawServer server) {
		return new GrpcChannel(new ServerAddress("spire", server.port()), GrpcTestServer.CERTIFICATE.pin(), null,
				"test/1", new Network((name) -> GrpcTestServer.Addresses.of("127.0.0.1", "127.0.0.2")));
	}

	/**
	 * Start a server that answers each call after six seconds, when its connection counts
	 * as dead.
	 */
	private RawServer slow() {
		return RawServer.http2((peer) -> {
			while (true) {
				int stream = peer.request();
				CompletableFuture.delayedExecutor(6, TimeUnit.SECONDS, this.server).execute(() -> answer(peer, stream));
			}
		});
	}

	/**
	 * Start a server that only completes handshakes.
	 */
	private static RawServer mute() {
		return RawServer.tls("TLSv1.3", List.of("h2"), (socket) -> {
		});
	}

	/**
	 * Start a server that answers no call before it has been repeated elsewhere.
	 */
	private RawServer answering(CompletableFuture<Void> repeated) {
		return RawServer.http2((peer) -> {
			while (true) {
				int stream = peer.request();
				this.requests.incrementAndGet();
				repeated.thenRunAsync(() -> answer(peer, stream),
						CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS, this.server));
			}
		});
	}

	/**
	 * What one address does while a call is silent at the other.
	 */
	@FunctionalInterface
	private interface Case {

		void run() throws Exception;

	}

}
