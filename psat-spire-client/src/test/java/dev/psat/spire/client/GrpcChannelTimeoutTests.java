package dev.psat.spire.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.Message;
import dev.psat.spire.wire.internal.TestTime;
import dev.psat.spire.wire.internal.Time;
import dev.psat.support.Latches;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link GrpcChannel} and how long it waits for TCP and for TLS.
 */
@Timeout(Patience.SECONDS)
class GrpcChannelTimeoutTests {

	private static final Duration PATIENCE = Patience.LIMIT;

	private static final Duration HANDSHAKE = Duration.ofSeconds(5);

	private static final Duration SHORT = Duration.ofMillis(300);

	private final TestTime time = new TestTime();

	/**
	 * As in a JVM that makes its first handshake on little of a processor.
	 */
	@Test
	void handshakeMayTakeLongerThanTcp() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		ServerVerifier slow = (chain) -> {
			asked.countDown();
			Latches.awaitUninterrupted(go);
		};
		try (GrpcTestServer server = GrpcTestServer.start();
				GrpcChannel channel = new GrpcChannel(server.address(), slow, null, "test/1",
						GrpcTestServer.network(Network.Resolver.SYSTEM, this.time))) {
			CompletableFuture<Message> answer = this.time
				.call(() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, PATIENCE));
			asked.await();
			this.time.awaitWait(HANDSHAKE);
			this.time.passInVain(HANDSHAKE.minusMillis(1));
			go.countDown();
			assertThat(answer).succeedsWithin(PATIENCE).extracting(Messages::bundle).isEqualTo(GrpcTestServer.BUNDLE);
		}
	}

	@Test
	void handshakeHasBegunOnceTcpHasConnected() throws Exception {
		try (RawServer silent = RawServer.silent("127.0.0.1", 0)) {
			Connection connection = connection(silent.address());
			GrpcCall call = new GrpcCall("/", new byte[0], Deadline.in(PATIENCE, Time.ofSystem()));
			try (Connection.Exchange exchange = connection.open("", call)) {
				await().until(() -> connection.handshake().begun().isDone());
				assertThat(connection.handshake().checked()).isNotDone();
				assertThat(exchange.response()).isNotDone();
			}
			finally {
				connection.close();
			}
		}
	}

	/**
	 * With the first attempt and, before JDK 21, with one that a handshake precedes.
	 */
	@Test
	void addressThatSaysNothingIsToldFromOneThatDoesNotConnect() throws Exception {
		try (RawServer silent = RawServer.silent("127.0.0.1", 0); GrpcChannel channel = silent.channel(this.time)) {
			for (int i = 0; i < 2; i++) {
				CompletableFuture<SpireException> failure = this.time.call(() -> failure(channel));
				this.time.awaitWait(HANDSHAKE);
				this.time.passInVain(HANDSHAKE);
				assertThat(failure).succeedsWithin(PATIENCE)
					.extracting(SpireException::reason)
					.isEqualTo(FailureReason.HANDSHAKE_TIMED_OUT);
				assertThat(failure.get())
					.hasMessageContaining("127.0.0.1 (TCP connected, but TLS did not complete within");
			}
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void addressThatDoesNotConnectIsToldFromOneThatSaysNothing() throws Exception {
		try (FullListener full = new FullListener()) {
			Connection connection = connection(full.address());
			GrpcCall call = new GrpcCall("/", new byte[0], Deadline.in(PATIENCE, Time.ofSystem()));
			try (Connection.Exchange exchange = connection.open("", call);
					GrpcChannel channel = channel(full.address(), TestTimeouts.of(SHORT, PATIENCE, PATIENCE))) {
				for (int i = 0; i < 2; i++) {
					assertThat(failure(channel).reason()).isEqualTo(FailureReason.UNREACHABLE);
				}
				assertThat(connection.handshake().begun()).isNotDone();
				assertThat(exchange.response()).isNotDone();
			}
			finally {
				connection.close();
			}
		}
	}

	@Test
	void addressThatSaysNothingIsPassedOverAndTold() throws Exception {
		try (RawServer silent = RawServer.silent("127.0.0.1", 0);
				GrpcChannel channel = new GrpcChannel(new ServerAddress("spire", silent.port()),
						GrpcTestServer.CERTIFICATE.pin(), null, "test/1", GrpcTestServer
							.network((name) -> GrpcTestServer.Addresses.of("127.0.0.1", "127.0.0.2"), this.time))) {
			CompletableFuture<SpireException> failure = this.time.call(() -> failure(channel));
			this.time.awaitWait(HANDSHAKE);
			this.time.passInVain(HANDSHAKE);
			assertThat(failure).succeedsWithin(PATIENCE)
				.extracting(SpireException::reason)
				.isEqualTo(FailureReason.HANDSHAKE_TIMED_OUT);
			assertThat(failure.get()).hasMessageContaining("127.0.0.1 (").hasMessageContaining("127.0.0.2 (");
		}
	}

	@Test
	void byDefaultTlsHasMoreTimeThanTcp() {
		assertThat(Network.Timeouts.usual().connect()).isEqualTo(Duration.ofSeconds(3));
		assertThat(Network.Timeouts.usual().handshake()).isEqualTo(HANDSHAKE);
	}

	private static Connection connection(ServerAddress server) {
		return new Connection(new InetSocketAddress(server.host(), server.port()),
				new ChannelTls(server, GrpcTestServer.CERTIFICATE.pin(), null), "test/1",
				GrpcTestServer.network(Network.Resolver.SYSTEM));
	}

	private static GrpcChannel channel(ServerAddress server, Network.Timeouts timeouts) {
		return new GrpcChannel(server, GrpcTestServer.CERTIFICATE.pin(), null, "test/1",
				new Network(Network.Resolver.SYSTEM, timeouts, Time.ofSystem()));
	}

	private static SpireException failure(GrpcChannel channel) {
		return catchThrowableOfType(SpireException.class,
				() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, PATIENCE));
	}

	/**
	 * A listener whose queue is full, so that nobody else can connect: it holds one more
	 * than its length.
	 */
	private static final class FullListener implements AutoCloseable {

		private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));

		private final List<Socket> queue = new ArrayList<>();

		FullListener() throws IOException {
			for (int i = 0; i < 2; i++) {
				this.queue.add(new Socket("127.0.0.1", this.listener.getLocalPort()));
			}
		}

		ServerAddress address() {
			return new ServerAddress("127.0.0.1", this.listener.getLocalPort());
		}

		@Override
		public void close() throws IOException {
			this.listener.close();
			for (Socket socket : this.queue) {
				socket.close();
			}
		}

	}

}
