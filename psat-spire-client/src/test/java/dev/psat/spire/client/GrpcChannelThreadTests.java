package dev.psat.spire.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link GrpcChannel} and the threads that it starts.
 */
class GrpcChannelThreadTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	@AutoClose
	private final GrpcTestServer server = GrpcTestServer.start();

	private final Set<Thread> before = threads();

	@Test
	void noThreadIsLeftAfterClose() throws Exception {
		GrpcChannel channel = this.server.channel(TransportCertificates.create("agent"));
		channel.call(GrpcTestServer.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT);
		assertThat(ours()).isNotEmpty();
		channel.close();
		await().atMost(Duration.ofSeconds(20)).until(() -> {
			if (Runtime.version().feature() < 21) {
				System.gc();
			}
			return ours().isEmpty();
		});
		channel.close();
	}

	@Test
	void noThreadIsLeftOfConnectionsThatBroke() throws Exception {
		byte[] frame = GrpcFrame.of(GrpcTestServer.BUNDLE);
		try (RawServer raw = RawServer.http2((peer) -> {
			peer.message(peer.request(), frame);
			peer.request();
			throw new IOException("the second request breaks the connection");
		}); GrpcChannel channel = raw.channel()) {
			for (int i = 0; i < 10; i++) {
				channel.call(GrpcTestServer.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT);
			}
			await().atMost(Duration.ofSeconds(20)).until(() -> {
				if (Runtime.version().feature() < 21) {
					System.gc();
				}
				return ours().stream().filter((thread) -> thread.getName().endsWith("SelectorManager")).count() == 1;
			});
		}
	}

	@Test
	void unreachableServerLeavesOneClientAtMost() {
		this.server.close();
		try (GrpcChannel channel = this.server.channel()) {
			for (int i = 0; i < 20; i++) {
				assertThat(catchThrowableOfType(SpireException.class,
						() -> channel.call(GrpcTestServer.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT))
					.reason()).isEqualTo(FailureReason.UNREACHABLE);
			}
			assertThat(ours().stream().filter((thread) -> thread.getName().endsWith("SelectorManager"))).hasSize(1);
		}
	}

	@Test
	void threadsAreDaemonsThatHaveNothingOfTheCaller() throws Exception {
		InheritableThreadLocal<String> user = new InheritableThreadLocal<>();
		Queue<String> seen = new ConcurrentLinkedQueue<>();
		ServerVerifier verifier = (chain) -> seen.add(String.valueOf(user.get()));
		try (GrpcChannel channel = new GrpcChannel(this.server.address(), verifier, null, "test/1")) {
			Thread caller = new Thread(() -> {
				user.set("somebody");
				try {
					channel.call(GrpcTestServer.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT);
				}
				catch (GrpcStatusException ex) {
					throw new IllegalStateException(ex);
				}
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

	private List<Thread> ours() {
		return threads().stream().filter((thread) -> !this.before.contains(thread)).toList();
	}

	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("psat-spire-")
					|| thread.getName().startsWith("HttpClient-"))
			.collect(Collectors.toSet());
	}

}
