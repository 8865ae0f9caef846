package dev.psat.spire.workload.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import dev.psat.spiffe.Transcripts;
import dev.psat.spiffe.Transcripts.Step;
import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.GrpcStatus;
import dev.psat.spire.wire.internal.Time;
import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whole connections of a real SPIRE Agent, by a {@link WorkloadCall}.
 */
@Timeout(Patience.SECONDS)
class WorkloadCallTranscriptTests {

	private static final Map<String, Integer> CODES = Map.of("InvalidArgument", 3, "PermissionDenied", 7,
			"Unimplemented", 12, "Unavailable", 14);

	@ParameterizedTest
	@MethodSource("connections")
	void connectionIsUnderstood(Step step) throws Exception {
		for (int pace : new int[] { 1, 7, 1000, Integer.MAX_VALUE }) {
			if (pace > 1 || server(step).length < 5000) {
				assertUnderstood(step, replay(server(step), pace));
			}
		}
	}

	private static void assertUnderstood(Step step, Outcome outcome) {
		if (step.isOk()) {
			assertThat(outcome.failure()).satisfiesAnyOf((none) -> assertThat(none).isNull(),
					(end) -> assertThat(end).hasMessageContaining("the connection ended without a status"));
			assertThat(outcome.messages()).isNotEmpty();
			if (step.values().containsKey("reply")) {
				assertThat(outcome.messages().get(outcome.messages().size() - 1)).isEqualTo(step.reply());
			}
		}
		else if (step.message().contains("EOF")) {
			assertThat(outcome.messages()).isNotEmpty();
			assertThat(outcome.failure()).isInstanceOfSatisfying(WorkloadException.class,
					(failure) -> assertThat(failure.reason()).isEqualTo(WorkloadFailureReason.UNREACHABLE));
		}
		else {
			assertThat(outcome.failure()).isInstanceOfSatisfying(GrpcStatus.NotOkException.class, (failure) -> {
				assertThat(failure.status().code()).isEqualTo(CODES.get(step.code()));
				assertThat(failure.status().message()).isEqualTo(step.message());
			});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "x509-exchanged", "pinged-too-often", "many" })
	void messagesOfAStreamAreReceivedEachByItself(String name) throws Exception {
		List<byte[]> messages = replay(server(step(name)), Integer.MAX_VALUE).messages();
		switch (name) {
			case "x509-exchanged" ->
				assertThat(messages).containsExactly(step("x509").reply(), step("x509-rotated").reply());
			case "many" -> assertThat(messages).hasSize(1).allMatch((message) -> message.length > 65535);
			default -> assertThat(messages).hasSize(1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "denied", "jwtsvid" })
	void connectionWithAnotherByteIsUnderstoodOrRefused(String name) throws Exception {
		mutate(name);
	}

	@Matrix
	@ParameterizedTest
	@ValueSource(strings = { "x509-in-force", "x509-exchanged", "pinged-too-often" })
	void streamWithAnotherByteIsUnderstoodOrRefused(String name) throws Exception {
		mutate(name);
	}

	private static void mutate(String name) throws Exception {
		byte[] server = server(step(name));
		Random random = new Random();
		List<byte[]> cases = new ArrayList<>();
		for (int i = 0; i < server.length; i++) {
			byte[] mutated = server.clone();
			mutated[i] ^= (byte) ((random.nextInt(3) == 0) ? 1 << random.nextInt(8) : 1 + random.nextInt(255));
			cases.add(mutated);
		}
		assertDecided(name, cases);
	}

	@ParameterizedTest
	@ValueSource(strings = { "denied", "jwtsvid" })
	void connectionThatIsCutIsUnderstoodOrRefused(String name) throws Exception {
		byte[] server = server(step(name));
		List<byte[]> cases = new ArrayList<>();
		for (int i = 0; i < server.length; i++) {
			cases.add(Arrays.copyOf(server, i));
		}
		assertDecided(name, cases);
	}

	private static void assertDecided(String name, List<byte[]> cases) throws Exception {
		AtomicReference<byte[]> server = new AtomicReference<>();
		try (ScriptedAgent agent = new ScriptedAgent((peer) -> peer.opening().raw(server.get()))) {
			for (byte[] bytes : cases) {
				server.set(bytes);
				assertThat(call(agent).failure()).as("%s of %s", Arrays.toString(bytes), name)
					.satisfiesAnyOf((none) -> assertThat(none).isNull(),
							(status) -> assertThat(status).isInstanceOf(GrpcStatus.NotOkException.class),
							(failure) -> assertThat(failure).isInstanceOfSatisfying(WorkloadException.class,
									(known) -> assertThat(known.reason()).isIn(WorkloadFailureReason.PROTOCOL_ERROR,
											WorkloadFailureReason.UNREACHABLE)));
			}
		}
	}

	private static Outcome replay(byte[] server, int pace) throws Exception {
		try (ScriptedAgent agent = new ScriptedAgent((peer) -> peer.pace(pace).opening().raw(server))) {
			return call(agent);
		}
	}

	private static Outcome call(ScriptedAgent agent) {
		List<byte[]> messages = new ArrayList<>();
		try (WorkloadCall call = agent.call()) {
			for (byte[] message; (message = call.next(Deadline.in(Patience.LIMIT, Time.ofSystem()))) != null;) {
				messages.add(message);
			}
			return new Outcome(messages, null);
		}
		catch (GrpcStatus.NotOkException | WorkloadException ex) {
			return new Outcome(messages, ex);
		}
	}

	private static Stream<Step> connections() {
		return Transcripts.steps("workload").stream().filter((step) -> step.values().containsKey("server"));
	}

	private static Step step(String name) {
		return Transcripts.steps("workload")
			.stream()
			.filter((step) -> step.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private static byte[] server(Step step) {
		return Transcripts.bytes(step.prefix() + Objects.requireNonNull(step.values().get("server")));
	}

	/**
	 * What a call came to.
	 *
	 * @param messages its messages
	 * @param failure what it failed with
	 */
	private record Outcome(List<byte[]> messages, @Nullable Exception failure) {

	}

}
