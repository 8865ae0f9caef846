package dev.psat.spire.client;

import java.time.Duration;

import dev.psat.support.DeepStack;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GrpcChannel} and callers that have little stack left.
 */
class GrpcChannelDeepStackTests {

	@AutoClose
	private final GrpcTestServer server = GrpcTestServer.start();

	@Test
	void errorInACallerKeepsNoOtherFromConnecting() throws Exception {
		for (int dive = 0; dive < 12; dive++) {
			try (GrpcChannel channel = this.server.channel()) {
				DeepStack.dive(() -> tryToCall(channel), dive);
				assertThat(Messages
					.bundle(channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, Duration.ofSeconds(10))))
					.as("dive %d", dive)
					.isEqualTo(GrpcTestServer.BUNDLE);
			}
		}
	}

	private static void tryToCall(GrpcChannel channel) {
		try {
			channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, Duration.ofMillis(200));
		}
		catch (GrpcStatusException | SpireException ex) {
			// what matters is what is left behind
		}
	}

}
