package dev.psat.test;

import java.time.Duration;
import java.time.Instant;

import dev.psat.support.MutableClock;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RotationSchedule}.
 */
class RotationScheduleTests {

	private static final Duration A_LOOK_AND_MORE = Duration.ofMillis(400);

	private final MutableClock clock = new MutableClock(Instant.now());

	private final SimulatedKubeletBuilder builder = SimulatedKubelet.builder().clock(this.clock).rotateOnSchedule();

	@Test
	void shouldRotateAtEightyPercentOfLifetime() {
		try (SimulatedKubelet kubelet = this.builder.build()) {
			String first = kubelet.token();
			this.clock.advance(Duration.ofMillis(479_999));
			assertNoRotation(kubelet, first);
			this.clock.advance(Duration.ofMillis(1));
			String second = awaitRotation(kubelet, first);
			this.clock.advance(Duration.ofSeconds(480));
			awaitRotation(kubelet, second);
		}
	}

	@Test
	void shouldRotateAfterOneDayAtTheLatest() {
		try (SimulatedKubelet kubelet = this.builder.lifetime(Duration.ofDays(365)).build()) {
			String first = kubelet.token();
			this.clock.advance(Duration.ofHours(24));
			awaitRotation(kubelet, first);
		}
	}

	@Test
	void shouldCountFromRotationOnDemand() {
		try (SimulatedKubelet kubelet = this.builder.build()) {
			this.clock.advance(Duration.ofSeconds(400));
			String demanded = kubelet.rotate();
			this.clock.advance(Duration.ofSeconds(479));
			assertNoRotation(kubelet, demanded);
		}
	}

	@Test
	void shouldRotateShortLivedTokensInRealTime() {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder()
			.lifetime(Duration.ofSeconds(1))
			.rotateOnSchedule()
			.build()) {
			awaitRotation(kubelet, awaitRotation(kubelet, kubelet.token()));
		}
	}

	@Test
	void shouldNotRotateUnlessAsked() {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().clock(this.clock).build()) {
			String first = kubelet.token();
			this.clock.advance(Duration.ofDays(1));
			assertNoRotation(kubelet, first);
		}
	}

	@Test
	void shouldNotRotateOnceStopped() {
		try (SimulatedKubelet kubelet = this.builder.build()) {
			String first = kubelet.token();
			kubelet.stopRotating();
			this.clock.advance(Duration.ofDays(1));
			assertNoRotation(kubelet, first);
			assertThat(kubelet.rotate()).isNotEqualTo(first);
		}
	}

	private static String awaitRotation(SimulatedKubelet kubelet, String old) {
		return Awaitility.await().until(kubelet::token, (token) -> !token.equals(old));
	}

	private static void assertNoRotation(SimulatedKubelet kubelet, String token) {
		Awaitility.await().during(A_LOOK_AND_MORE).untilAsserted(() -> assertThat(kubelet.token()).isEqualTo(token));
	}

}
