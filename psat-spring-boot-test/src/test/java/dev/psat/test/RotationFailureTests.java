package dev.psat.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.support.MutableClock;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a {@link RotationSchedule} whose rotations fail.
 */
@ExtendWith(OutputCaptureExtension.class)
class RotationFailureTests {

	private static final Duration A_LOOK_AND_MORE = Duration.ofMillis(400);

	private final MutableClock clock = new MutableClock(Instant.now());

	private final SimulatedKubeletBuilder builder = SimulatedKubelet.builder().clock(this.clock).rotateOnSchedule();

	@Test
	void shouldGoOnAfterFailure(@TempDir Path parent, CapturedOutput output) throws IOException {
		Path directory = parent.resolve("mount");
		try (SimulatedKubelet kubelet = this.builder.directory(directory).build()) {
			String first = kubelet.token();
			FileSystemUtils.deleteRecursively(directory);
			Files.createFile(directory);
			this.clock.advance(Duration.ofSeconds(480));
			Awaitility.await().until(() -> output.getOut().contains("The simulated token could not be rotated"));
			Files.delete(directory);
			this.clock.advance(Duration.ofMinutes(1));
			String second = awaitRotation(kubelet, first);
			Awaitility.await().until(() -> output.getOut().contains("The simulated token is being rotated again"));
			assertThat(output).doesNotContain(first).doesNotContain(second);
		}
	}

	@Test
	void shouldLeaveNothingBehindWhileItFails(@TempDir Path directory, CapturedOutput output) throws IOException {
		try (SimulatedKubelet kubelet = this.builder.directory(directory).build()) {
			Files.createDirectories(directory.resolve("..data_tmp/precious"));
			String[] before = directory.toFile().list();
			for (int failures = 0; failures < 3; failures++) {
				this.clock.advance(Duration.ofSeconds(480));
				assertNoRotation(kubelet, kubelet.token());
			}
			Awaitility.await()
				.untilAsserted(
						() -> assertThat(output.getOut()).containsOnlyOnce("The simulated token could not be rotated"));
			// an attempt may be under way
			Awaitility.await()
				.untilAsserted(() -> assertThat(directory.toFile().list()).containsExactlyInAnyOrder(before));
		}
	}

	@Test
	void shouldPauseLongerAfterEachFailureAndWarnOfTheFirst(CapturedOutput output) {
		AtomicInteger attempts = new AtomicInteger();
		RotationSchedule schedule = new RotationSchedule(this.clock, Duration.ofMinutes(10));
		schedule.restart();
		schedule.start(() -> {
			attempts.incrementAndGet();
			throw new IllegalStateException("refused");
		});
		this.clock.advance(Duration.ofSeconds(480));
		assertAttempts(attempts, 1);
		this.clock.advance(Duration.ofMillis(200));
		assertAttempts(attempts, 2);
		this.clock.advance(Duration.ofMillis(399));
		assertAttempts(attempts, 2);
		for (int attempt = 3; attempt < 5; attempt++) {
			this.clock.advance(Duration.ofMinutes(1));
			assertAttempts(attempts, attempt);
		}
		schedule.stop();
		schedule.join();
		assertThat(output.getOut()).containsOnlyOnce("The simulated token could not be rotated");
	}

	private static void assertAttempts(AtomicInteger attempts, int expected) {
		Awaitility.await().during(A_LOOK_AND_MORE).untilAsserted(() -> assertThat(attempts).hasValue(expected));
	}

	private static String awaitRotation(SimulatedKubelet kubelet, String old) {
		return Awaitility.await().until(kubelet::token, (token) -> !token.equals(old));
	}

	private static void assertNoRotation(SimulatedKubelet kubelet, String token) {
		Awaitility.await().during(A_LOOK_AND_MORE).untilAsserted(() -> assertThat(kubelet.token()).isEqualTo(token));
	}

}
