package dev.psat.spire.client;

import java.time.Duration;
import java.util.Set;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link GrpcChannel} and HTTP clients that break down.
 */
class GrpcChannelBreakdownTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	@AutoClose
	private final GrpcTestServer server = GrpcTestServer.start();

	private final Set<Thread> before = Thread.getAllStackTraces().keySet();

	/**
	 * An {@link OutOfMemoryError} ends the selector, as does an interrupt.
	 */
	@Test
	void clientWhoseSelectorHasEndedWhileTheServerWasAwayIsNotUsedAgain() throws Exception {
		this.server.close();
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
		try (GrpcChannel channel = this.server.channel()) {
			for (int i = 0; i < 2; i++) {
				assertThat(Messages.bundle(channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT)))
					.isEqualTo(GrpcTestServer.BUNDLE);
				endSelectors();
			}
		}
	}

	@Test
	void errorWhileACallIsSentIsAFailureOfItsConnection() {
		ChannelTls tls = new ChannelTls(this.server.address(), GrpcTestServer.CERTIFICATE.pin(), null);
		Connection connection = new Connection(this.server.address(), tls, "test/1", new TransportThreads());
		Exchange exchange = new Exchange(connection, false, "127.0.0.1", (handler) -> {
			throw new StackOverflowError();
		});
		assertThat(exchange.answer()).isCompletedExceptionally();
		connection.close();
	}

	private static FailureReason failure(GrpcChannel channel) {
		return catchThrowableOfType(SpireException.class,
				() -> channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT))
			.reason();
	}

	private void endSelectors() throws InterruptedException {
		for (Thread thread : Thread.getAllStackTraces().keySet()) {
			if (thread.getName().endsWith("SelectorManager") && !this.before.contains(thread)) {
				thread.interrupt();
				thread.join();
			}
		}
	}

}
