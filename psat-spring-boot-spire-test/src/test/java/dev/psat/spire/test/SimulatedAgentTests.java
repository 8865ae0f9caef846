package dev.psat.spire.test;

import java.time.Duration;

import io.grpc.stub.ServerCallStreamObserver;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SimulatedAgent}, whose streams have not noticed yet what has happened.
 */
class SimulatedAgentTests {

	private static final String AGENT = "spiffe://example.org/spire/agent/simulated";

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder().entryCacheReload(Duration.ZERO).build();

	private final WorkloadFaults faults = new WorkloadFaults(new Connections(() -> {
	}, () -> {
	}, (pipeline) -> {
	}));

	private final SimulatedAgent agent = new SimulatedAgent(this.server, AGENT, Certificates::newKeyPair, false,
			this.faults);

	private final Answers answers = new Answers();

	@BeforeEach
	void openStream() {
		this.server.entries().create(AGENT, "spiffe://example.org/ns/shop/sa/orders");
		this.server.entries().reload();
		this.agent.sync();
		this.agent.open(WorkloadMethod.FETCH_X509_SVID, this.answers);
		assertThat(this.answers.count).isOne();
	}

	@Test
	void streamThatIsForgottenGetsNothing() {
		this.agent.forget();
		this.agent.sync();
		assertThat(this.agent.update().identities()).hasSize(1);
		assertThat(this.answers.count).isOne();
	}

	@Test
	void floodThatIsOverSendsNothing() {
		this.faults.flood(true);
		assertThat(this.agent.flood()).isTrue();
		assertThat(this.answers.count).isEqualTo(2);
		this.faults.flood(false);
		assertThat(this.agent.flood()).isFalse();
		assertThat(this.answers.count).isEqualTo(2);
	}

	/**
	 * Counts what is sent to a stream.
	 */
	private static final class Answers extends ServerCallStreamObserver<byte[]> {

		private int count;

		@Override
		public void onNext(byte[] message) {
			this.count++;
		}

		@Override
		public void onError(Throwable failure) {
			throw new AssertionError(failure);
		}

		@Override
		public void onCompleted() {
			throw new AssertionError();
		}

		@Override
		public boolean isCancelled() {
			return false;
		}

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public void setOnCancelHandler(Runnable handler) {
		}

		@Override
		public void setOnReadyHandler(Runnable handler) {
		}

		@Override
		public void setCompression(String compression) {
		}

		@Override
		public void setMessageCompression(boolean enable) {
		}

		@Override
		public void disableAutoInboundFlowControl() {
		}

		@Override
		public void request(int count) {
		}

	}

}
