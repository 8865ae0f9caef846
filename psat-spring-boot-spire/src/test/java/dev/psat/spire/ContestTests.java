package dev.psat.spire;

import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Contest}.
 */
class ContestTests {

	private static final Duration LIFETIME = Duration.ofHours(1);

	private final ManualTime time = new ManualTime();

	private final Contest contest = new Contest(this.time.time());

	@BeforeEach
	void attest() {
		this.contest.attested(LIFETIME);
	}

	@Test
	void oneEvictionIsAnAccident() {
		this.contest.evicted();
		assertThat(this.contest.isOn()).isFalse();
		assertThat(this.contest.isTimely(false)).isTrue();
	}

	@Test
	void secondEvictionWithinOneLifetimeBeginsIt() {
		this.contest.evicted();
		this.time.pass(LIFETIME.minusNanos(1));
		this.contest.evicted();
		assertThat(this.contest.isOn()).isTrue();
	}

	@Test
	void evictionsThatAreALifetimeApartAreAccidents() {
		for (int i = 0; i < 5; i++) {
			this.contest.evicted();
			assertThat(this.contest.isOn()).isFalse();
			this.time.pass(LIFETIME);
		}
	}

	@Test
	void endsAfterOneLifetimeWithoutAnEviction() {
		contest();
		this.time.pass(Duration.ofMinutes(50));
		this.contest.attested(LIFETIME);
		this.contest.evicted();
		this.time.pass(LIFETIME.minusNanos(1));
		assertThat(this.contest.isOn()).isTrue();
		this.time.pass(Duration.ofNanos(1));
		assertThat(this.contest.isOn()).isFalse();
		this.contest.evicted();
		assertThat(this.contest.isOn()).isFalse();
	}

	@Test
	void visitsAttestOnceInAQuarterOfTheLifetime() {
		contest();
		this.time.pass(Duration.ofMinutes(15).minusNanos(1));
		assertThat(this.contest.isTimely(false)).isFalse();
		this.time.pass(Duration.ofNanos(1));
		assertThat(this.contest.isTimely(false)).isTrue();
		this.contest.attested(LIFETIME);
		assertThat(this.contest.isTimely(false)).isFalse();
	}

	@Test
	void callsAttestOnceInAMinute() {
		contest();
		this.time.pass(Duration.ofMinutes(1).minusNanos(1));
		assertThat(this.contest.isTimely(true)).isFalse();
		this.time.pass(Duration.ofNanos(1));
		assertThat(this.contest.isTimely(true)).isTrue();
		this.contest.attested(LIFETIME);
		assertThat(this.contest.isTimely(true)).isFalse();
	}

	@Test
	void tellsWhenItWillBeTimely() {
		assertThat(this.contest.timelyIn(false)).isZero();
		contest();
		this.time.pass(Duration.ofSeconds(50));
		assertThat(this.contest.timelyIn(false)).isEqualTo(Duration.ofMinutes(15).minusSeconds(50));
		assertThat(this.contest.timelyIn(true)).isEqualTo(Duration.ofSeconds(10));
		this.time.pass(Duration.ofMinutes(15));
		assertThat(this.contest.timelyIn(false)).isZero();
		assertThat(this.contest.timelyIn(true)).isZero();
	}

	private void contest() {
		this.contest.evicted();
		this.contest.evicted();
	}

}
