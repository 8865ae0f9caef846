package dev.psat.spire.client;

import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.psat.spire.test.proto.Bundle;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link GrpcChannel} and new connections on which nothing is answered.
 */
class GrpcChannelMuteAddressTests extends LateAnswers {

	private static final Duration UNTIL_IT_IS_DEAD = FIRST_SILENCE.plus(JUDGEMENT);

	@Test
	void onlyServerIsWaitedForHoweverSlow() throws Exception {
		try (RawServer slow = server(); GrpcChannel channel = slow.channel(this.time)) {
			CompletableFuture<Bundle> call = call(channel);
			Request request = asked();
			this.time.passInVain(UNTIL_IT_IS_DEAD);
			// the probe
			asked();
			this.time.passInVain(Duration.ofMinutes(1));
			request.answer();
			assertAnswered(call);
			assertThat(slow.connections()).isOne();
		}
	}

	@Test
	void callIsSentToTheOtherAddress() throws Exception {
		try (RawServer mute = mute();
				GrpcTestServer other = GrpcTestServer.start("127.0.0.2", mute.port());
				GrpcChannel channel = other.channel(this.time, "127.0.0.1", "127.0.0.2")) {
			CompletableFuture<Bundle> call = call(channel);
			asked();
			this.time.passInVain(FIRST_SILENCE);
			// the probe
			asked();
			this.time.passInVain(JUDGEMENT.minusMillis(1));
			assertThat(call).isNotDone();
			assertThat(other.calls).isEmpty();
			this.time.passInVain(Duration.ofMillis(1));
			assertAnswered(call);
			assertAnswered(call(channel));
			assertThat(mute.connections()).isOne();
			assertThat(other.calls).hasSize(2);
		}
	}

	@Test
	void silenceIsReportedWithWhatBecameOfTheOtherAddress() throws Exception {
		Duration more = Duration.ofSeconds(2);
		try (RawServer mute = mute(); GrpcChannel channel = channel(mute, "127.0.0.1", "127.0.0.2")) {
			CompletableFuture<SpireException> failure = failure(channel, UNTIL_IT_IS_DEAD.plus(more));
			asked();
			this.time.passInVain(FIRST_SILENCE);
			// the probe
			asked();
			this.time.passInVain(JUDGEMENT);
			await().until(() -> mute.connections() == 2);
			this.time.passInVain(more);
			assertTimedOut(failure);
			assertThat(failure.get()).hasMessageContaining("at 127.0.0.1, after 127.0.0.2 (");
		}
	}

	private GrpcChannel channel(RawServer server, String... addresses) {
		return new GrpcChannel(new ServerAddress("spire", server.port()), GrpcTestServer.CERTIFICATE.pin(), null,
				"test/1", GrpcTestServer.network((name) -> GrpcTestServer.Addresses.of(addresses), this.time));
	}

	/**
	 * Start a server that says nothing after the handshake.
	 */
	private RawServer mute() {
		return RawServer.tls("TLSv1.3", List.of("h2"),
				(socket) -> receive(new Http2Peer(socket.getInputStream(), OutputStream.nullOutputStream())));
	}

}
