package dev.psat.spire.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.GrpcFrame;
import dev.psat.spire.wire.internal.TestTime;
import dev.psat.support.Latches;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link GrpcChannel} and the threads that it starts.
 */
class GrpcChannelThreadTests {

	private static final Duration TIMEOUT = Patience.LIMIT;

	@AutoClose
	private final GrpcTestServer server = GrpcTestServer.start();

	private final TestTime time = new TestTime();

	private final Set<Thread> before = threads();

	@Test
	void noThreadIsLeftAfterClose() throws Exception {
		GrpcChannel channel = this.server.channel(TransportCertificates.create("agent"));
		channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT);
		assertThat(ours()).isNotEmpty();
		channel.close();
		awaitEnd(() -> ours().isEmpty());
		channel.close();
	}

	@Test
	void noThreadIsLeftOfConnectionsThatBroke() throws Exception {
		byte[] frame = GrpcFrame.of(GrpcTestServer.BUNDLE.toByteArray());
		try (RawServer raw = RawServer.http2((peer) -> {
			peer.message(peer.request(), frame);
			peer.request();
			throw new IOException("the second request breaks the connection");
		}); GrpcChannel channel = raw.channel()) {
			for (int i = 0; i < 10; i++) {
				channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT);
			}
			awaitEnd(() -> ours().stream()
				.filter((thread) -> thread.getName().endsWith("SelectorManager"))
				.count() == 1);
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void noDescriptorIsLeftAfterClose() throws Exception {
		openAndClose();
		long before = descriptors();
		for (int i = 0; i < 50; i++) {
			openAndClose();
		}
		awaitEnd(() -> descriptors() <= before);
	}

	private void openAndClose() {
		try (GrpcChannel channel = this.server.channel(TransportCertificates.create("agent"))) {
			channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT);
		}
	}

	private static long descriptors() throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.count();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void noThreadIsLeftOfAConnectionWhoseCallerGaveUp(boolean closing) throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		CompletableFuture<Boolean> made = new CompletableFuture<>();
		Network network = GrpcTestServer.network(Network.Resolver.SYSTEM, this.time);
		Waits waits = new Waits();
		ChannelTls tls = new ChannelTls(this.server.address(), GrpcTestServer.CERTIFICATE.pin(), null);
		Dialer dialer = new Dialer(this.server.address(), Network.Resolver.SYSTEM, (address) -> {
			asked.countDown();
			Latches.awaitUninterrupted(go);
			Connection connection = new Connection(new InetSocketAddress(address, this.server.port()), tls, "test/1",
					network);
			made.complete(true);
			return connection;
		}, network.threads(), waits);
		Connections connections = new Connections(this.server.address(), network, dialer, null, waits);
		GrpcCall call = new GrpcCall("/", new byte[0], Deadline.in(TIMEOUT, this.time));
		CompletableFuture<Throwable> failure = this.time.call(() -> catchThrowable(() -> connections.send(call)));
		assertThat(asked.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
		if (closing) {
			waits.close();
			connections.close();
		}
		else {
			this.time.passInVain(TIMEOUT);
		}
		assertThat(failure.get(Patience.SECONDS, TimeUnit.SECONDS))
			.isInstanceOf(closing ? SpireException.class : TimeoutException.class);
		go.countDown();
		made.get(Patience.SECONDS, TimeUnit.SECONDS);
		awaitEnd(() -> ours().stream().noneMatch((thread) -> thread.getName().endsWith("SelectorManager")));
	}

	@Test
	void noConnectionIsCreatedOnceTheCallerHasGivenUpWaitingForTheName() throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		CompletableFuture<Thread> resolving = new CompletableFuture<>();
		AtomicInteger created = new AtomicInteger();
		Network network = GrpcTestServer.network(Network.Resolver.SYSTEM, this.time);
		Waits waits = new Waits();
		Dialer dialer = new Dialer(this.server.address(), (name) -> {
			resolving.complete(Thread.currentThread());
			Latches.awaitUninterrupted(go);
			return GrpcTestServer.Addresses.of("127.0.0.1");
		}, (address) -> {
			created.incrementAndGet();
			throw new IllegalStateException();
		}, network.threads(), waits);
		Connections connections = new Connections(this.server.address(), network, dialer, null, waits);
		GrpcCall call = new GrpcCall("/", new byte[0], Deadline.in(TIMEOUT, this.time));
		CompletableFuture<Throwable> failure = this.time.call(() -> catchThrowable(() -> connections.send(call)));
		Thread thread = resolving.get(Patience.SECONDS, TimeUnit.SECONDS);
		this.time.passInVain(TIMEOUT);
		assertThat(failure.get(Patience.SECONDS, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
		go.countDown();
		thread.join(Patience.MILLIS);
		assertThat(created).hasValue(0);
	}

	private static FailureReason failure(GrpcChannel channel, Duration timeout) {
		return catchThrowableOfType(SpireException.class,
				() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, timeout))
			.reason();
	}

	@Test
	void unreachableServerLeavesOneClientAtMost() {
		this.server.stop();
		try (GrpcChannel channel = this.server.channel()) {
			for (int i = 0; i < 20; i++) {
				assertThat(failure(channel, TIMEOUT)).isEqualTo(FailureReason.UNREACHABLE);
			}
			await().until(() -> ours().stream()
				.filter((thread) -> thread.getName().endsWith("SelectorManager"))
				.count() <= 1);
		}
		awaitEnd(() -> ours().isEmpty());
	}

	/**
	 * Without a garbage collection, before which JDK 17 closes no HTTP client.
	 */
	@Test
	void serverThatCutsConnectionsLeavesOneClientAtMost() throws Exception {
		try (RawServer cutting = RawServer.plain((socket) -> socket.close()); GrpcChannel channel = cutting.channel()) {
			for (int i = 0; i < 20; i++) {
				assertThat(failure(channel, TIMEOUT)).isEqualTo(FailureReason.UNREACHABLE);
			}
			assertThat(cutting.connections()).isGreaterThanOrEqualTo(20);
			await().until(() -> ours().stream()
				.filter((thread) -> thread.getName().endsWith("SelectorManager"))
				.count() <= 1);
		}
	}

	@Test
	void threadsAreDaemonsThatHaveNothingOfTheCaller() throws Exception {
		InheritableThreadLocal<String> user = new InheritableThreadLocal<>();
		Queue<String> seen = new ConcurrentLinkedQueue<>();
		ServerVerifier verifier = (chain) -> seen.add(String.valueOf(user.get()));
		try (GrpcChannel channel = new GrpcChannel(this.server.address(), verifier, null, "test/1",
				GrpcTestServer.network(Network.Resolver.SYSTEM))) {
			Thread caller = new Thread(() -> {
				user.set("somebody");
				channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT);
			});
			caller.setContextClassLoader(new ClassLoader() {
			});
			caller.start();
			caller.join();
			assertThat(seen).containsExactly("null");
			assertThat(ours()).isNotEmpty().allSatisfy((thread) -> {
				assertThat(thread.isDaemon()).isTrue();
				assertThat(thread.getContextClassLoader()).isSameAs(ClassLoader.getSystemClassLoader());
			});
		}
	}

	/**
	 * Before JDK 21 what is closed ends when the garbage collector finds it.
	 */
	private static void awaitEnd(Callable<Boolean> end) {
		await().until(() -> {
			if (Runtime.version().feature() < 21) {
				System.gc();
			}
			return end.call();
		});
	}

	private List<Thread> ours() {
		return threads().stream().filter((thread) -> !this.before.contains(thread)).toList();
	}

	private static Set<Thread> threads() {
		return Set.copyOf(RunningThreads.beginningWith("psat-spire-", "HttpClient-"));
	}

}
