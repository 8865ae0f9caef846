package dev.psat.spire.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.wire.internal.GrpcFrame;
import dev.psat.spire.wire.internal.TestTime;
import dev.psat.support.Latches;
import dev.psat.support.Patience;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link GrpcChannel}: connections that are made, lost and made again.
 */
@Timeout(Patience.SECONDS)
class GrpcChannelConnectionTests {

	private static final Duration TIMEOUT = Patience.LIMIT;

	private static final Duration HANDSHAKE = Duration.ofSeconds(5);

	@AutoClose
	private final GrpcTestServer server = GrpcTestServer.start();

	private final TestTime time = new TestTime();

	@Test
	void nameIsResolvedAndSentInTheHandshakeAlone() throws Exception {
		try (GrpcChannel channel = this.server.channel("spire-server.spire.svc", "127.0.0.1")) {
			call(channel);
		}
		GrpcTestServer.Call call = this.server.calls.get(0);
		assertThat(call.serverNames()).containsExactly("spire-server.spire.svc");
		assertThat(call.authority()).isEqualTo("127.0.0.1:" + this.server.port());
	}

	@Test
	void dotAtTheEndOfANameIsNotSent() throws Exception {
		try (GrpcChannel channel = this.server.channel("spire-server.spire.svc.", "127.0.0.1")) {
			call(channel);
		}
		assertThat(this.server.calls.get(0).serverNames()).containsExactly("spire-server.spire.svc");
	}

	@Test
	void nameThatTlsDoesNotTakeIsNotSent() throws Exception {
		try (GrpcChannel channel = this.server.channel("spire_server", "127.0.0.1")) {
			call(channel);
		}
		assertThat(this.server.calls.get(0).serverNames()).isEmpty();
	}

	@Test
	void addressIsNotSentAsAName() throws Exception {
		try (GrpcChannel channel = this.server.channel()) {
			call(channel);
		}
		assertThat(this.server.calls.get(0).serverNames()).isEmpty();
	}

	@Test
	void ipv6AddressIsConnectedTo() throws Exception {
		try (GrpcTestServer onIpv6 = GrpcTestServer.start("::1", 0);
				GrpcChannel channel = new GrpcChannel(ServerAddress.parse("[::1]:" + onIpv6.port()),
						GrpcTestServer.CERTIFICATE.pin(), null, "test/1",
						GrpcTestServer.network(Network.Resolver.SYSTEM))) {
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
		}
	}

	@Test
	void addressThatRefusesIsPassedOver() throws Exception {
		try (GrpcChannel channel = this.server.channel("spire", "127.0.0.2", "127.0.0.1")) {
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
		}
	}

	@Test
	void addressThatAcceptsAndSaysNothingIsPassedOver() throws Exception {
		try (RawServer silent = RawServer.silent("127.0.0.2", this.server.port());
				GrpcChannel channel = this.server.channel(this.time, "127.0.0.2", "127.0.0.1")) {
			CompletableFuture<Bundle> answer = this.time.call(() -> call(channel));
			this.time.awaitWait(HANDSHAKE);
			this.time.passInVain(HANDSHAKE);
			assertThat(answer).succeedsWithin(Patience.LIMIT).isEqualTo(GrpcTestServer.BUNDLE);
			await().until(() -> silent.connections() > 0);
			call(channel);
			assertThat(this.server.connections()).isOne();
		}
	}

	@Test
	void addressThatHangsUpOrTalksNonsenseIsPassedOver() throws Exception {
		for (RawServer.Handler rude : List.<RawServer.Handler>of((socket) -> socket.close(), (socket) -> {
			socket.getInputStream().read();
			socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
			socket.close();
		})) {
			try (RawServer raw = RawServer.plain("127.0.0.2", this.server.port(), rude);
					GrpcChannel channel = this.server.channel("spire", "127.0.0.2", "127.0.0.1")) {
				assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
				await().until(() -> raw.connections() > 0);
			}
		}
	}

	@Test
	void serverThatAcceptsAndHangsDoesNotStandInTheWayOfAnother() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		try (GrpcTestServer healthy = GrpcTestServer.start("127.0.0.2", this.server.port());
				GrpcChannel channel = this.server.channel(this.time, "127.0.0.1", "127.0.0.2")) {
			this.server.answer = () -> {
				Latches.await(never);
				return GrpcTestServer.BUNDLE;
			};
			// there is a probe after two
			assertTimesOut(channel, Duration.ofMillis(1900), () -> this.server.calls.size() == 1);
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
			assertThat(this.server.calls).hasSize(1);
			assertThat(healthy.calls).isNotEmpty();
			never.countDown();
		}
	}

	@Test
	void silentAddressesInFrontDoNotStandInTheWayForEver() throws Exception {
		try (RawServer one = RawServer.silent("127.0.0.2", this.server.port());
				RawServer other = RawServer.silent("127.0.0.3", this.server.port());
				GrpcChannel channel = this.server.channel(this.time, "127.0.0.2", "127.0.0.3", "127.0.0.1")) {
			assertTimesOut(channel, Duration.ofMillis(1500), () -> one.connections() == 1);
			assertTimesOut(channel, Duration.ofMillis(1500), () -> other.connections() == 1);
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
			assertThat(one.connections() + other.connections()).isEqualTo(2);
		}
	}

	@Test
	void allAddressesAreNamedWhenNoneCanBeReached() {
		try (GrpcChannel channel = this.server.channel("spire", "127.0.0.2", "127.0.0.3")) {
			SpireException failure = failure(channel);
			assertThat(failure.reason()).isEqualTo(FailureReason.UNREACHABLE);
			assertThat(failure).hasMessageContaining("spire:" + this.server.port())
				.hasMessageContaining("127.0.0.2 (")
				.hasMessageContaining("127.0.0.3 (");
			assertThat(failure.getSuppressed()).hasSize(1);
		}
	}

	@Test
	void silentAddressTimesOutWhenTheCallHasLessTime() throws Exception {
		try (RawServer silent = RawServer.silent("127.0.0.1", 0); GrpcChannel channel = silent.channel(this.time)) {
			assertTimesOut(channel, Duration.ofMillis(300), () -> silent.connections() == 1);
		}
	}

	@Test
	void nameWithoutAddressCannotBeReached() {
		try (GrpcChannel channel = this.server.channel("spire.invalid", Network.Resolver.SYSTEM)) {
			SpireException failure = failure(channel);
			assertThat(failure.reason()).isEqualTo(FailureReason.UNREACHABLE);
			assertThat(failure).hasMessageStartingWith("spire.invalid cannot be resolved: spire.invalid")
				.hasCauseInstanceOf(UnknownHostException.class);
		}
		try (GrpcChannel channel = this.server.channel("spire", (name) -> List.of())) {
			assertThat(failure(channel).reason()).isEqualTo(FailureReason.UNREACHABLE);
		}
	}

	@Test
	void whateverKeepsAConnectionFromBeingMadeIsTold() {
		try (GrpcChannel channel = this.server.channel("spire", (name) -> {
			throw new UncheckedIOException(new IOException("too many open files"));
		})) {
			SpireException failure = failure(channel);
			assertThat(failure.reason()).isEqualTo(FailureReason.UNREACHABLE);
			assertThat(failure).hasMessageContaining("spire:" + this.server.port())
				.hasMessageContaining("too many open files")
				.hasCauseInstanceOf(UncheckedIOException.class);
		}
	}

	@Test
	void resolverThatHangsDoesNotHoldACallBeyondItsTime() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch never = new CountDownLatch(1);
		Network network = GrpcTestServer.network((name) -> {
			asked.countDown();
			Latches.await(never);
			throw new UnknownHostException();
		}, this.time);
		try (GrpcChannel channel = new GrpcChannel(this.server.address(), GrpcTestServer.CERTIFICATE.pin(), null,
				"test/1", network)) {
			assertTimesOut(channel, Duration.ofMillis(300), () -> asked.getCount() == 0);
		}
		never.countDown();
	}

	@Test
	void nameIsResolvedAgainAfterAFailureAndNotBefore() throws Exception {
		AtomicInteger resolved = new AtomicInteger();
		try (GrpcTestServer other = GrpcTestServer.start("127.0.0.2", this.server.port());
				GrpcChannel channel = this.server.channel("spire", (name) -> GrpcTestServer.Addresses
					.of((resolved.incrementAndGet() == 1) ? "127.0.0.1" : "127.0.0.2"))) {
			call(channel);
			call(channel);
			assertThat(resolved).hasValue(1);
			this.server.stop();
			call(channel);
			assertThat(resolved).hasValue(2);
			assertThat(other.calls).isNotEmpty();
		}
	}

	@Test
	void serverThatIsKilledAndStartedAgainIsCalledAgain() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		try (GrpcTestServer first = GrpcTestServer.start(); GrpcChannel channel = first.channel()) {
			call(channel);
			first.answer = () -> {
				Latches.await(never);
				return GrpcTestServer.BUNDLE;
			};
			CompletableFuture<SpireException> inFlight = CompletableFuture.supplyAsync(() -> failure(channel));
			await().until(() -> first.calls.size() >= 2);
			first.stop();
			assertThat(inFlight.get(Patience.SECONDS, TimeUnit.SECONDS).reason()).isEqualTo(FailureReason.UNREACHABLE);
			assertThat(failure(channel).reason()).isEqualTo(FailureReason.UNREACHABLE);
			try (GrpcTestServer second = GrpcTestServer.startInPlaceOf(first)) {
				assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
				assertThat(second.calls).isNotEmpty();
			}
		}
		never.countDown();
	}

	@Test
	void callsOneAfterTheOtherDoNotNoticeThatConnectionsAge() throws Exception {
		try (GrpcTestServer aging = GrpcTestServer.startWithMaxAge(Duration.ofSeconds(1));
				GrpcChannel channel = aging.channel(GrpcTestServer.hasty(), null)) {
			callThroughout(channel, aging);
		}
	}

	@Test
	void callsAtOnceDoNotNoticeThatConnectionsAge() throws Exception {
		ExecutorService callers = Executors.newFixedThreadPool(8);
		try (GrpcTestServer aging = GrpcTestServer.startWithMaxAge(Duration.ofSeconds(1));
				GrpcChannel channel = aging.channel(GrpcTestServer.hasty(), null)) {
			call(channel);
			List<Future<?>> all = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				all.add(callers.submit(() -> {
					callThroughout(channel, aging);
					return null;
				}));
			}
			for (Future<?> one : all) {
				one.get(Patience.SECONDS, TimeUnit.SECONDS);
			}
		}
		finally {
			callers.shutdownNow();
		}
	}

	/**
	 * Call through two ages of a connection, however long they take: a call that crosses
	 * the goodbye may be silent for two seconds.
	 */
	private static void callThroughout(GrpcChannel channel, GrpcTestServer aging) {
		while (aging.connections() < 3) {
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
		}
	}

	@Test
	void callThatBreaksOnAnOpenConnectionIsRepeatedOnce() throws Exception {
		AtomicInteger requests = new AtomicInteger();
		byte[] frame = GrpcFrame.of(GrpcTestServer.BUNDLE.toByteArray());
		try (RawServer raw = RawServer.http2((peer) -> {
			peer.message(peer.request(), frame);
			peer.request();
			requests.incrementAndGet();
			throw new IOException("the second request breaks the connection");
		}); GrpcChannel channel = raw.channel()) {
			call(channel);
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
			assertThat(requests).hasValue(1);
			assertThat(raw.connections()).isEqualTo(2);
		}
	}

	@Test
	void callThatBreaksTwiceFails() throws Exception {
		AtomicInteger requests = new AtomicInteger();
		byte[] frame = GrpcFrame.of(GrpcTestServer.BUNDLE.toByteArray());
		try (RawServer raw = RawServer.http2((peer) -> {
			int stream = peer.request();
			if (requests.incrementAndGet() == 1) {
				peer.message(stream, frame);
				peer.request();
				requests.incrementAndGet();
			}
			throw new IOException("breaks the connection");
		}); GrpcChannel channel = raw.channel()) {
			call(channel);
			assertThat(failure(channel).reason()).isEqualTo(FailureReason.UNREACHABLE);
			assertThat(requests).hasValue(3);
		}
	}

	@Test
	void callThatBreaksOnItsOwnConnectionIsNotRepeated() throws Exception {
		AtomicInteger requests = new AtomicInteger();
		try (RawServer raw = RawServer.http2((peer) -> {
			peer.request();
			requests.incrementAndGet();
			throw new IOException("breaks the connection");
		}); GrpcChannel channel = raw.channel()) {
			assertThat(failure(channel).reason()).isEqualTo(FailureReason.UNREACHABLE);
			assertThat(requests).hasValue(1);
		}
	}

	@Test
	void callThatTimesOutIsNotRepeatedAndAProbeDecidesWhetherItsConnectionIsUsedAgain() throws Exception {
		AtomicInteger requests = new AtomicInteger();
		byte[] frame = GrpcFrame.of(GrpcTestServer.BUNDLE.toByteArray());
		try (RawServer raw = RawServer.http2((peer) -> {
			peer.message(peer.request(), frame);
			requests.incrementAndGet();
			// dead from here on
			while (true) {
				peer.request();
				requests.incrementAndGet();
			}
		}); GrpcChannel channel = raw.channel(this.time)) {
			call(channel);
			assertTimesOut(channel, Duration.ofMillis(1500), () -> requests.get() == 2);
			// the probe
			await().until(() -> requests.get() == 3);
			CompletableFuture<Bundle> answer = this.time.call(() -> call(channel));
			await().until(() -> requests.get() == 4);
			this.time.passInVain(Duration.ofMillis(2999));
			assertThat(requests).hasValue(4);
			this.time.passInVain(Duration.ofMillis(1));
			assertThat(answer).succeedsWithin(Patience.LIMIT).isEqualTo(GrpcTestServer.BUNDLE);
			await().until(() -> requests.get() == 5);
			assertThat(raw.connections()).isEqualTo(2);
		}
	}

	@Test
	void proxyOfTheSystemIsNotUsed() throws Exception {
		try (RawServer proxy = RawServer.silent("127.0.0.1", 0); GrpcChannel channel = this.server.channel()) {
			System.setProperty("https.proxyHost", "127.0.0.1");
			System.setProperty("https.proxyPort", String.valueOf(proxy.port()));
			System.setProperty("http.nonProxyHosts", "");
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
			assertThat(proxy.connections()).isZero();
		}
		finally {
			System.clearProperty("https.proxyHost");
			System.clearProperty("https.proxyPort");
			System.clearProperty("http.nonProxyHosts");
		}
	}

	/**
	 * Make a call that has no more time once it is seen somewhere.
	 */
	private void assertTimesOut(GrpcChannel channel, Duration timeout, Callable<Boolean> seen) {
		CompletableFuture<SpireException> failure = this.time.call(() -> catchThrowableOfType(SpireException.class,
				() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, timeout)));
		await().until(seen);
		this.time.passInVain(timeout);
		assertThat(failure).succeedsWithin(Patience.LIMIT)
			.extracting(SpireException::reason)
			.isEqualTo(FailureReason.TIMED_OUT);
	}

	private static Bundle call(GrpcChannel channel) {
		return Messages.bundle(channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT));
	}

	private static SpireException failure(GrpcChannel channel) {
		return catchThrowableOfType(SpireException.class, () -> call(channel));
	}

}
