package dev.psat.spire.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Preflight} with {@link Connections}, on any JDK: what counts is how
 * many HTTP clients are created.
 */
class PreflightTests {

	private static final Duration PATIENCE = Duration.ofMinutes(5);

	private static final Duration SHORT = Duration.ofMillis(300);

	private static final int ATTEMPTS = 5;

	@AutoClose
	private final GrpcTestServer server = GrpcTestServer.start();

	private final Network network = new Network(Network.Resolver.SYSTEM, TestTimeouts.patient(), Time.ofSystem());

	private final Waits waits = new Waits();

	private final AtomicInteger clients = new AtomicInteger();

	private final Connections connections = connections(this.network);

	@AfterEach
	void close() {
		this.waits.close();
		this.connections.close();
	}

	private Connections connections(Network network) {
		return connections(this.server.address(), network);
	}

	private Connections connections(ServerAddress server, Network network) {
		return connections(server, GrpcTestServer.CERTIFICATE.pin(), network, network);
	}

	private Connections connections(ServerAddress server, ServerVerifier verifier, Network preceding, Network network) {
		ChannelTls tls = new ChannelTls(server, verifier, null);
		Dialer dialer = new Dialer(server, network.resolver(), (address) -> {
			this.clients.incrementAndGet();
			return new Connection(new InetSocketAddress(address, server.port()), tls, "test/1", network);
		}, network.threads(), this.waits);
		return new Connections(server, network, dialer, new Preflight(tls, preceding, this.waits), this.waits);
	}

	@Test
	void nothingPrecedesAConnectionIfNothingHasFailed() throws Exception {
		reach(this.connections);
		assertThat(this.clients).hasValue(1);
	}

	@ParameterizedTest
	@EnumSource(names = "NEVER", mode = EnumSource.Mode.EXCLUDE)
	void attemptsThatAreCutOffNeedOneClientForAllOfThem(GrpcChannelBreakdownTests.CutOff cutOff) throws Exception {
		this.server.stop();
		try (RawServer cutting = RawServer.plain("127.0.0.1", this.server.port(), cutOff::handle)) {
			for (int i = 0; i < ATTEMPTS; i++) {
				assertFails(FailureReason.UNREACHABLE, this.connections);
			}
			assertThat(cutting.connections()).isGreaterThanOrEqualTo(ATTEMPTS);
		}
		assertThat(this.clients).hasValue(1);
	}

	@Test
	void serverThatEndsConnectionsAfterTheHandshakeNeedsOneClientForAllAttempts() throws Exception {
		try (RawServer cutting = RawServer.tls("TLSv1.3", List.of("h2"), (socket) -> socket.close())) {
			Connections connections = connections(cutting.address(),
					new Network(Network.Resolver.SYSTEM, Network.Timeouts.usual(), Time.ofSystem()));
			try (Connection.Exchange exchange = connections.send(call())) {
				connections.drop(exchange.connection());
			}
			for (int i = 0; i < ATTEMPTS; i++) {
				assertFails(FailureReason.UNREACHABLE, connections);
			}
			assertThat(this.clients).hasValue(1);
		}
	}

	@Test
	void serverThatIsBackIsReached() throws Exception {
		this.server.stop();
		for (int i = 0; i < ATTEMPTS; i++) {
			assertFails(FailureReason.UNREACHABLE, this.connections);
		}
		try (GrpcTestServer second = GrpcTestServer.startInPlaceOf(this.server)) {
			reach(this.connections);
			assertThat(second.calls).hasSize(1);
			assertThat(this.network.order().isMissed(InetAddress.getByName("127.0.0.1"))).isFalse();
		}
		assertThat(this.clients).hasValue(2);
	}

	@Test
	void otherChannelsOfTheClientKnowWhatHasFailed() throws Exception {
		this.server.stop();
		assertFails(FailureReason.UNREACHABLE, this.connections);
		assertFails(FailureReason.UNREACHABLE, connections(this.network));
		assertThat(this.clients).hasValue(1);
	}

	@Test
	void handshakeThatTakesTooLongMakesNoClient() throws Exception {
		Network network = new Network(Network.Resolver.SYSTEM, TestTimeouts.of(PATIENCE, SHORT, SHORT),
				Time.ofSystem());
		this.server.stop();
		network.order().missed(InetAddress.getByName("127.0.0.1"));
		try (RawServer silent = RawServer.silent("127.0.0.1", this.server.port())) {
			assertFails(FailureReason.HANDSHAKE_TIMED_OUT, connections(network));
			assertThat(silent.connections()).isOne();
		}
		assertThat(this.clients).hasValue(0);
	}

	@Test
	void handshakeThatIsAcceptedTooLateMakesNoClient() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		Connections connections = slow(this.server.address(), brief(), this.network, never::await);
		assertFails(FailureReason.HANDSHAKE_TIMED_OUT, connections);
		never.countDown();
		assertThat(this.clients).hasValue(0);
	}

	/**
	 * A server that is slow, but not too slow, would otherwise never be reached again.
	 */
	@Test
	void timeOfAConnectionBeginsAfterTheHandshakeThatPrecedesIt() throws Exception {
		AtomicLong passed = new AtomicLong();
		try (RawServer server = RawServer.handshakeOnce()) {
			Connections connections = slow(server.address(), this.network, brief(), () -> {
				TimeUnit.NANOSECONDS.sleep(2 * SHORT.toNanos());
				passed.set(System.nanoTime());
			});
			assertFails(FailureReason.HANDSHAKE_TIMED_OUT, connections);
			assertThat(Duration.ofNanos(System.nanoTime() - passed.get())).isGreaterThanOrEqualTo(SHORT);
			assertThat(server.connections()).isEqualTo(2);
		}
		assertThat(this.clients).hasValue(1);
	}

	/**
	 * Return connections to a server, which was missed before.
	 * @param server the server
	 * @param preceding the limits of the handshake that precedes a connection
	 * @param network those of the connection
	 * @param verification what comes before the server is accepted
	 */
	private Connections slow(ServerAddress server, Network preceding, Network network, Verification verification)
			throws Exception {
		network.order().missed(InetAddress.getByName("127.0.0.1"));
		return connections(server, (chain) -> {
			try {
				verification.run();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}, preceding, network);
	}

	private static Network brief() {
		return new Network(Network.Resolver.SYSTEM, TestTimeouts.of(PATIENCE, SHORT, PATIENCE), Time.ofSystem());
	}

	@Test
	void closeEndsIt() throws Exception {
		this.server.stop();
		this.network.order().missed(InetAddress.getByName("127.0.0.1"));
		try (RawServer silent = RawServer.silent("127.0.0.1", this.server.port())) {
			CompletableFuture<Throwable> failure = CompletableFuture
				.supplyAsync(() -> catchThrowable(() -> this.connections.send(call())));
			await().until(() -> silent.connections() == 1);
			this.waits.close();
			assertThat(failure.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isInstanceOfSatisfying(SpireException.class,
					(ex) -> assertThat(ex.reason()).isEqualTo(FailureReason.CANCELLED));
		}
		assertThat(this.clients).hasValue(0);
	}

	private static GrpcCall call() {
		return new GrpcCall(GrpcMethod.GET_BUNDLE.path(), GrpcMethod.EMPTY_REQUEST,
				Deadline.in(PATIENCE, Time.ofSystem()));
	}

	private static void reach(Connections connections) throws Exception {
		try (Connection.Exchange exchange = connections.send(call())) {
			exchange.response().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
	}

	private static void assertFails(FailureReason reason, Connections connections) {
		assertThatExceptionOfType(SpireException.class).isThrownBy(() -> send(connections))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason));
	}

	private static void send(Connections connections) throws TimeoutException {
		connections.send(call()).close();
	}

	/**
	 * What comes before a server is accepted.
	 */
	private interface Verification {

		void run() throws InterruptedException;

	}

}
