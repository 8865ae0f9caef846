package dev.psat.spire.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.wire.internal.TestTime;
import dev.psat.support.Latches;
import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link GrpcChannel}: what TLS lets through and what it does not.
 */
@Timeout(Patience.SECONDS)
class GrpcChannelTlsTests {

	private static final Duration TIMEOUT = Patience.LIMIT;

	private static final TransportCertificates AGENT = TransportCertificates.create("agent");

	private static final TransportCertificates EXPIRED_AGENT = TransportCertificates.create("agent",
			Instant.now().minusSeconds(60));

	@AutoClose
	private final GrpcTestServer server = GrpcTestServer.start();

	private final TestTime time = new TestTime();

	private final AtomicBoolean rejected = new AtomicBoolean();

	@ParameterizedTest
	@EnumSource(names = { "SERVER_NOT_TRUSTED", "SERVER_ID_MISMATCH" })
	void serverThatIsRejectedGetsNothing(FailureReason reason) throws Exception {
		TlsTap tap = new TlsTap(this.server.port(), false);
		ServerVerifier rejecting = (chain) -> {
			throw new ServerVerifier.RejectedException(reason, "on purpose");
		};
		try (RawServer proxy = RawServer.plain(tap);
				GrpcChannel channel = new GrpcChannel(proxy.address(), rejecting, AGENT.keyManager(), "test/1",
						GrpcTestServer.network(Network.Resolver.SYSTEM))) {
			SpireException failure = failure(channel);
			assertThat(failure.reason()).isEqualTo(reason);
			assertThat(failure).hasMessageContaining("on purpose");
			await().until(() -> tap.ended);
		}
		assertThat(tap.records).hasPositiveValue();
		// an alert: two bytes, one for its type, sixteen of the tag
		assertThat(tap.encrypted.stream().mapToInt(Integer::intValue).sum()).isLessThanOrEqualTo(19);
		assertThat(this.server.calls).isEmpty();
	}

	@Test
	void serverThatIsRejectedIsPassedOverAndGetsNothing() throws Exception {
		TransportCertificates other = TransportCertificates.create("other");
		ServerVerifier choosy = (chain) -> {
			// the first connection is rejected
			if (this.rejected.compareAndSet(false, true)) {
				other.pin().verify(chain);
			}
		};
		try (GrpcTestServer second = GrpcTestServer.start("127.0.0.2", this.server.port());
				GrpcChannel channel = new GrpcChannel(new ServerAddress("spire", this.server.port()), choosy, null,
						"test/1",
						GrpcTestServer.network((name) -> GrpcTestServer.Addresses.of("127.0.0.1", "127.0.0.2")))) {
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
			assertThat(this.server.calls).isEmpty();
			assertThat(second.calls).hasSize(1);
		}
	}

	@Test
	void everyConnectionIsCheckedAnew() throws Exception {
		AtomicInteger checks = new AtomicInteger();
		ServerVerifier counting = (chain) -> {
			checks.incrementAndGet();
			GrpcTestServer.CERTIFICATE.pin().verify(chain);
		};
		try (GrpcTestServer aging = GrpcTestServer.startWithMaxAge(Duration.ofSeconds(1));
				GrpcChannel channel = new GrpcChannel(aging.address(), counting, null, "test/1",
						GrpcTestServer.hasty())) {
			while (aging.connections() < 2) {
				call(channel);
			}
			assertThat(checks).hasValueGreaterThanOrEqualTo(2);
		}
	}

	@Test
	void serverThatBreaksOffAfterItsCertificateIsNotPassedOver() throws Exception {
		TlsTap tap = new TlsTap(this.server.port(), true);
		try (RawServer proxy = RawServer.plain("127.0.0.2", this.server.port(), tap);
				GrpcChannel channel = this.server.channel("spire", "127.0.0.2", "127.0.0.1")) {
			SpireException failure = failure(channel);
			assertThat(failure.reason()).isEqualTo(FailureReason.UNREACHABLE);
			assertThat(failure).hasMessageContaining("ended before the answer");
			assertThat(this.server.calls).isEmpty();
			assertThat(proxy.connections()).isOne();
		}
	}

	@Test
	void serverWithTls12AloneIsTold() throws Exception {
		try (RawServer old = RawServer.tls("TLSv1.2", List.of("h2"), (socket) -> {
		}); GrpcChannel channel = old.channel()) {
			assertThat(failure(channel).reason()).isEqualTo(FailureReason.TLS_VERSION);
		}
	}

	@Matrix
	@Test
	void jvmWithoutTls13IsTold(@TempDir Path directory) throws Exception {
		Path security = Files.writeString(directory.resolve("java.security"),
				"jdk.tls.disabledAlgorithms=SSLv3, TLSv1.3");
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Djava.security.properties=" + security, OneCall.class.getName(), this.server.address().toString());
		builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
		Process process = builder.redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).isZero();
		assertThat(output).contains("TLS_VERSION").contains("jdk.tls.disabledAlgorithms");
	}

	@Test
	void serverThatSpeaksHttp11IsToldAndGetsNothing() throws Exception {
		for (List<String> protocols : List.of(List.of("http/1.1"), List.<String>of())) {
			CompletableFuture<Integer> received = new CompletableFuture<>();
			try (RawServer web = RawServer.tls("TLSv1.3", protocols, (socket) -> {
				try {
					received.complete(socket.getInputStream().read());
				}
				catch (IOException ex) {
					received.complete(-1);
				}
			}); GrpcChannel channel = web.channel()) {
				SpireException failure = failure(channel);
				assertThat(failure.reason()).isEqualTo(FailureReason.PROTOCOL_ERROR);
				assertThat(failure).hasMessageContaining("HTTP/2");
				await().until(() -> received.isDone() || !web.failures.isEmpty());
				assertThat(received.getNow(-1)).isEqualTo(-1);
			}
		}
	}

	@Test
	void agentIsAccepted() throws Exception {
		try (GrpcChannel channel = this.server.channel(AGENT)) {
			assertThat(call(channel)).isEqualTo(GrpcTestServer.BUNDLE);
			assertThat(this.server.agents).hasValue(1);
		}
	}

	@RepeatedTest(40)
	void agentThatIsRefusedIsTold() {
		try (GrpcChannel channel = this.server.channel(EXPIRED_AGENT)) {
			SpireException failure = failure(channel);
			assertThat(failure.reason()).isEqualTo(FailureReason.CERTIFICATE_REFUSED);
			assertThat(failure).hasMessageContaining("certificate_unknown");
		}
		assertThat(this.server.calls).isEmpty();
	}

	@Test
	void agentThatWasRefusedIsNotTriedAgain() {
		GrpcChannel channel = this.server.channel(EXPIRED_AGENT);
		try (channel) {
			SpireException first = failure(channel);
			int tried = this.server.agents.get();
			for (int i = 0; i < 3; i++) {
				assertThat(failure(channel)).hasMessage(first.getMessage())
					.extracting(SpireException::reason)
					.isEqualTo(FailureReason.CERTIFICATE_REFUSED);
			}
			assertThat(this.server.agents).hasValue(tried);
		}
		assertThat(failure(channel).reason()).isEqualTo(FailureReason.CANCELLED);
	}

	@Test
	void agentThatIsRefusedOnTheNextConnectionIsTold() throws Exception {
		try (GrpcTestServer aging = GrpcTestServer.startWithMaxAge(Duration.ofSeconds(1));
				GrpcChannel channel = aging.channel(GrpcTestServer.hasty(), AGENT.keyManager())) {
			call(channel);
			aging.refusing = true;
			SpireException failure = await().until(() -> failure(channel), Objects::nonNull);
			assertThat(failure.reason()).isEqualTo(FailureReason.CERTIFICATE_REFUSED);
			assertThat(aging.connections()).isOne();
		}
	}

	@Test
	void slowServerDoesNotRefuseAnAgent() throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		this.server.answer = () -> {
			Latches.await(go);
			return GrpcTestServer.BUNDLE;
		};
		try (GrpcChannel channel = channelOfAnAgent()) {
			CompletableFuture<Bundle> answer = this.time.call(() -> call(channel));
			await().until(() -> this.server.calls.size() == 1);
			this.time.passInVain(LateAnswers.FIRST_SILENCE);
			// the call, and the probe of the handshake
			await().until(() -> this.server.agents.get() == 2);
			go.countDown();
			assertThat(answer.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo(GrpcTestServer.BUNDLE);
		}
		assertThat(this.server.connections()).isOne();
	}

	@Test
	void silentCallOfALivingAgentTimesOut() {
		CountDownLatch never = new CountDownLatch(1);
		this.server.answer = () -> {
			Latches.await(never);
			return GrpcTestServer.BUNDLE;
		};
		try (GrpcChannel channel = channelOfAnAgent()) {
			CompletableFuture<SpireException> failure = this.time.call(() -> catchThrowableOfType(SpireException.class,
					() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, Duration.ofMillis(4500))));
			await().until(() -> this.server.calls.size() == 1);
			this.time.passInVain(Duration.ofMillis(4500));
			assertThat(failure).succeedsWithin(Patience.LIMIT)
				.extracting(SpireException::reason)
				.isEqualTo(FailureReason.TIMED_OUT);
			// the call, and the probe of the handshake, which may end after it
			await().untilAsserted(() -> assertThat(this.server.agents).hasValue(2));
		}
		never.countDown();
	}

	@Test
	void serverThatGoesAwayDoesNotRefuseAnAgent() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		this.server.answer = () -> {
			Latches.await(never);
			return GrpcTestServer.BUNDLE;
		};
		try (GrpcChannel channel = this.server.channel(AGENT)) {
			CompletableFuture<SpireException> failure = CompletableFuture.supplyAsync(() -> failure(channel));
			await().until(() -> !this.server.calls.isEmpty());
			this.server.stop();
			assertThat(failure.get(Patience.SECONDS, TimeUnit.SECONDS).reason()).isEqualTo(FailureReason.UNREACHABLE);
		}
		never.countDown();
	}

	private GrpcChannel channelOfAnAgent() {
		return this.server.channel(GrpcTestServer.network(Network.Resolver.SYSTEM, this.time), AGENT.keyManager());
	}

	private static Bundle call(GrpcChannel channel) {
		return Messages.bundle(channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT));
	}

	private static SpireException failure(GrpcChannel channel) {
		return catchThrowableOfType(SpireException.class, () -> call(channel));
	}

	/**
	 * Makes one call, and prints how it fails.
	 */
	static final class OneCall {

		private OneCall() {
		}

		public static void main(String[] arguments) throws Exception {
			try (GrpcChannel channel = new GrpcChannel(ServerAddress.parse(arguments[0]), (chain) -> {
			}, null, "test/1", GrpcTestServer.network(Network.Resolver.SYSTEM))) {
				SpireException failure = failure(channel);
				System.out.println(failure.reason() + " " + failure.getMessage());
			}
		}

	}

}
