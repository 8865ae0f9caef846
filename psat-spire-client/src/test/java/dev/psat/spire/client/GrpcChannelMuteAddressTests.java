package dev.psat.spire.client;

import java.time.Duration;
import java.util.List;

import dev.psat.spire.wire.internal.Time;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link GrpcChannel} and new connections on which nothing is answered.
 */
class GrpcChannelMuteAddressTests extends LateAnswers {

	/** Those of a client that calls nothing slow. */
	private static final Network.Timeouts HASTY = TestTimeouts.of(Patience.LIMIT, Patience.LIMIT,
			Duration.ofMillis(500), Duration.ofMillis(500), TestTimeouts.patientSockets());

	@Test
	void onlyServerIsWaitedForHoweverSlow() throws Exception {
		try (RawServer slow = RawServer.http2((peer) -> {
			int call = peer.request();
			// the probe, once the call counts as unanswered
			peer.request();
			answer(peer, call, 2000);
		}); GrpcChannel channel = channel(slow, "127.0.0.1")) {
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
			assertThat(slow.connections()).isOne();
		}
	}

	@Test
	void callIsSentToTheOtherAddress() throws Exception {
		try (RawServer mute = mute();
				GrpcTestServer other = GrpcTestServer.start("127.0.0.2", mute.port());
				GrpcChannel channel = other.channel("spire", addresses("127.0.0.1", "127.0.0.2"), HASTY)) {
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
			assertThat(mute.connections()).isOne();
			assertThat(other.calls).hasSize(2);
		}
	}

	@Test
	void silenceIsReportedWithWhatBecameOfTheOtherAddress() throws Exception {
		try (RawServer mute = mute(); GrpcChannel channel = channel(mute, "127.0.0.1", "127.0.0.2")) {
			SpireException failure = catchThrowableOfType(SpireException.class,
					() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, Duration.ofSeconds(4)));
			assertThat(failure.reason()).isEqualTo(FailureReason.TIMED_OUT);
			assertThat(failure).hasMessageContaining("at 127.0.0.1, after 127.0.0.2 (");
		}
	}

	private static GrpcChannel channel(RawServer server, String... addresses) {
		return new GrpcChannel(new ServerAddress("spire", server.port()), GrpcTestServer.CERTIFICATE.pin(), null,
				"test/1", new Network(addresses(addresses), HASTY, Time.ofSystem()));
	}

	private static Network.Resolver addresses(String... addresses) {
		return (name) -> GrpcTestServer.Addresses.of(addresses);
	}

	/**
	 * Start a server that only completes handshakes.
	 */
	private static RawServer mute() {
		return RawServer.tls("TLSv1.3", List.of("h2"), (socket) -> {
		});
	}

}
