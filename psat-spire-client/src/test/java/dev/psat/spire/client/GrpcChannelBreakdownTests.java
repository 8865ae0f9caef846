package dev.psat.spire.client;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.psat.spire.wire.internal.Message;
import dev.psat.spire.wire.internal.TestTime;
import dev.psat.support.Patience;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link GrpcChannel} and HTTP clients that break down.
 */
@Timeout(Patience.SECONDS)
class GrpcChannelBreakdownTests {

	private static final Duration TIMEOUT = Patience.LIMIT;

	private static final Duration HANDSHAKE = Duration.ofSeconds(5);

	@AutoClose
	private final GrpcTestServer server = GrpcTestServer.start();

	private final TestTime time = new TestTime();

	private final Set<Thread> before = Thread.getAllStackTraces().keySet();

	/**
	 * An {@link OutOfMemoryError} ends the selector, as does an interrupt.
	 */
	@Test
	void clientWhoseSelectorHasEndedWhileTheServerWasAwayIsNotUsedAgain() throws Exception {
		this.server.stop();
		try (GrpcChannel channel = this.server.channel()) {
			assertThat(failure(channel)).isEqualTo(FailureReason.UNREACHABLE);
			endSelectors();
			assertThat(failure(channel)).isEqualTo(FailureReason.UNREACHABLE);
			try (GrpcTestServer second = GrpcTestServer.startInPlaceOf(this.server)) {
				assertThat(Messages.bundle(channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT)))
					.isEqualTo(GrpcTestServer.BUNDLE);
				assertThat(second.calls).hasSize(1);
			}
		}
	}

	@Test
	void clientWhoseSelectorHasEndedIsReplaced() throws Exception {
		try (GrpcChannel channel = impatientChannel()) {
			channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT);
			endSelectors();
			CompletableFuture<Message> answer = this.time
				.call(() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT));
			if (Runtime.version().feature() < 21) {
				// later ones fail at once
				this.time.awaitWait(LateAnswers.SILENCE);
				this.time.passInVain(LateAnswers.SILENCE.plus(LateAnswers.JUDGEMENT));
			}
			assertThat(answer).succeedsWithin(Patience.LIMIT)
				.extracting(Messages::bundle)
				.isEqualTo(GrpcTestServer.BUNDLE);
		}
	}

	/**
	 * A handshake that the end of a connection cuts off has no application protocol,
	 * which an HTTP client takes for a server that never speaks HTTP/2.
	 */
	@ParameterizedTest
	@EnumSource
	void clientWhoseHandshakeWasCutOffIsNotUsedAgain(CutOff cutOff) throws Exception {
		this.server.stop();
		try (GrpcChannel channel = impatientChannel()) {
			assertThatCallsAreAnsweredAfter(cutOff, channel);
		}
	}

	/**
	 * Only these end in a handshake that has no application protocol.
	 */
	@ParameterizedTest
	@EnumSource(names = { "AT_ONCE", "AFTER_THE_HELLO" })
	void clientWhoseHandshakeIsCutOffWhenItConnectsAgainIsReplaced(CutOff cutOff) throws Exception {
		try (GrpcChannel channel = impatientChannel()) {
			channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT);
			this.server.stop();
			assertThatCallsAreAnsweredAfter(cutOff, channel);
		}
	}

	/**
	 * Without a garbage collection, before which JDK 17 closes no HTTP client.
	 */
	@Test
	void serverThatIsRejectedLeavesOneClientAtMost() throws Exception {
		AtomicBoolean rejecting = new AtomicBoolean(true);
		ServerVerifier verifier = (chain) -> {
			if (rejecting.get()) {
				throw new ServerVerifier.RejectedException(FailureReason.SERVER_NOT_TRUSTED, "It is another one");
			}
		};
		try (GrpcChannel channel = new GrpcChannel(this.server.address(), verifier, null, "test/1",
				GrpcTestServer.network(Network.Resolver.SYSTEM))) {
			for (int i = 0; i < 5; i++) {
				assertThat(failure(channel)).isEqualTo(FailureReason.SERVER_NOT_TRUSTED);
			}
			await().untilAsserted(() -> assertThat(selectors()).hasSizeLessThanOrEqualTo(1));
			rejecting.set(false);
			assertThat(Messages.bundle(channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT)))
				.isEqualTo(GrpcTestServer.BUNDLE);
		}
	}

	/**
	 * Create a channel that leaves a server which never ends its handshake.
	 */
	private GrpcChannel impatientChannel() {
		return this.server.channel(this.time, "127.0.0.1");
	}

	private void assertThatCallsAreAnsweredAfter(CutOff cutOff, GrpcChannel channel) throws Exception {
		try (RawServer cutting = inPlaceOfTheServer(cutOff)) {
			CompletableFuture<FailureReason> failure = this.time.call(() -> failure(channel));
			if (cutOff == CutOff.NEVER) {
				this.time.awaitWait(HANDSHAKE);
				this.time.passInVain(HANDSHAKE);
			}
			assertThat(failure).succeedsWithin(Patience.LIMIT)
				.isEqualTo((cutOff != CutOff.NEVER) ? FailureReason.UNREACHABLE : FailureReason.HANDSHAKE_TIMED_OUT);
			await().until(() -> cutting.connections() > 0);
		}
		try (GrpcTestServer second = GrpcTestServer.startInPlaceOf(this.server)) {
			assertThat(Messages.bundle(channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT)))
				.isEqualTo(GrpcTestServer.BUNDLE);
			assertThat(second.calls).hasSize(1);
		}
	}

	private RawServer inPlaceOfTheServer(CutOff cutOff) {
		return RawServer.plain("127.0.0.1", this.server.port(), cutOff::handle);
	}

	private static FailureReason failure(GrpcChannel channel) {
		return catchThrowableOfType(SpireException.class,
				() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT))
			.reason();
	}

	private void endSelectors() throws InterruptedException {
		for (Thread selector : selectors()) {
			selector.interrupt();
			selector.join();
		}
	}

	private List<Thread> selectors() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().endsWith("SelectorManager") && !this.before.contains(thread))
			.toList();
	}

	/**
	 * How a server ends a connection whose handshake has begun.
	 */
	enum CutOff {

		AT_ONCE, AFTER_THE_HELLO, BY_A_RESET, NEVER;

		void handle(Socket socket) throws IOException {
			if (this == NEVER) {
				return;
			}
			try (socket) {
				if (this != AT_ONCE) {
					DataInputStream hello = new DataInputStream(socket.getInputStream());
					hello.skipNBytes(3);
					hello.skipNBytes(hello.readUnsignedShort());
				}
				if (this == BY_A_RESET) {
					socket.setSoLinger(true, 0);
				}
			}
		}

	}

}
