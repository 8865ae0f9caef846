package dev.psat.spire.workload.client;

import java.util.Arrays;
import java.util.Random;

import dev.psat.spiffe.Transcripts;
import dev.psat.spire.wire.internal.Message;
import dev.psat.support.Torture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The messages of a real SPIRE Agent, changed and cut off.
 */
class WorkloadAnswersMutationTests {

	private static final int MUTATIONS = Torture.times(500, 2000);

	private final WorkloadAnswers answers = new WorkloadAnswers();

	/**
	 * Neither an exception of another kind, nor a byte of the key in one.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "x509", "federated-x509", "two" })
	void whateverBecomesOfTheBytesIsReadOrRefused(String name) {
		byte[] reply = step(name).reply();
		int refused = 0;
		for (int seed = 0; seed < MUTATIONS; seed++) {
			byte[] mutated = reply.clone();
			Random random = new Random(seed);
			for (int i = random.nextInt(3); i >= 0; i--) {
				mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
			}
			try {
				this.answers.x509(message(mutated));
			}
			catch (WorkloadException ex) {
				refused++;
			}
			catch (RuntimeException ex) {
				throw new AssertionError("Failed with seed " + seed, ex);
			}
		}
		assertThat(refused).isPositive();
	}

	@Test
	void everyLengthThatIsCutOffIsRefused() {
		byte[] reply = step("x509").reply();
		for (int length = 0; length < reply.length; length++) {
			byte[] cut = Arrays.copyOf(reply, length);
			assertThatExceptionOfType(WorkloadException.class).isThrownBy(() -> this.answers.x509(message(cut)));
		}
	}

	private static Transcripts.Step step(String name) {
		return Transcripts.steps("workload")
			.stream()
			.filter((step) -> step.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private static Message message(byte[] content) {
		return new Message(content,
				() -> new WorkloadException(WorkloadFailureReason.PROTOCOL_ERROR, "It cannot be parsed"));
	}

}
