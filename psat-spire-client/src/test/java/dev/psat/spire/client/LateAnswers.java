package dev.psat.spire.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.wire.internal.GrpcFrame;
import dev.psat.support.Patience;
import org.junit.jupiter.api.AfterEach;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Callers, and a thread of a server that answers them late or never.
 */
abstract class LateAnswers {

	static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final byte[] FRAME = GrpcFrame.of(GrpcTestServer.BUNDLE.toByteArray());

	final AtomicInteger requests = new AtomicInteger();

	final ScheduledExecutorService server = Executors.newSingleThreadScheduledExecutor();

	final ExecutorService callers = Executors.newCachedThreadPool();

	@AfterEach
	void end() {
		this.server.shutdownNow();
		this.callers.shutdownNow();
	}

	static void answer(Http2Peer peer, int stream) {
		answer(peer, stream, 0);
	}

	static void answer(Http2Peer peer, int stream, int millis) {
		try {
			TimeUnit.MILLISECONDS.sleep(millis);
			synchronized (peer) {
				peer.message(stream, FRAME);
			}
		}
		catch (Exception ex) {
			// the test has ended
		}
	}

	final void callAtOnce(GrpcChannel channel, int count) throws Exception {
		List<Future<Bundle>> answers = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			answers.add(this.callers.submit(() -> call(channel)));
		}
		for (Future<Bundle> answer : answers) {
			assertThat(answer.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo(GrpcTestServer.BUNDLE);
		}
	}

	static Bundle call(GrpcChannel channel) {
		return Messages.bundle(channel.call(GrpcMethod.GET_BUNDLE, GrpcTestServer.REQUEST, TIMEOUT));
	}

}
