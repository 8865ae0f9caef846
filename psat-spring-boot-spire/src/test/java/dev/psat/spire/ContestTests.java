package dev.psat.spire;

import java.math.BigDecimal;
import java.time.Duration;

import dev.psat.spire.Visit.Need;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
		this.contest.attested(Need.RENEWAL, LIFETIME);
	}

	@Test
	void oneEvictionIsAnAccident() {
		this.contest.evicted();
		assertThat(this.contest.isOn()).isFalse();
		assertThat(in(Need.RENEWAL)).isZero();
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
		this.contest.attested(Need.RENEWAL, LIFETIME);
		this.contest.evicted();
		this.time.pass(LIFETIME.minusNanos(1));
		assertThat(this.contest.isOn()).isTrue();
		this.time.pass(Duration.ofNanos(1));
		assertThat(this.contest.isOn()).isFalse();
		this.contest.evicted();
		assertThat(this.contest.isOn()).isFalse();
	}

	@Test
	void renewalsAttestOnceInAThirdOfTheLifeOfTheSvid() {
		contest();
		assertThat(this.contest.timelyIn(Need.RENEWAL, Duration.ofSeconds(60))).isEqualTo(Duration.ofSeconds(20));
		this.time.pass(Duration.ofSeconds(19));
		assertThat(this.contest.timelyIn(Need.RENEWAL, Duration.ofSeconds(60))).isEqualTo(Duration.ofSeconds(1));
		this.time.pass(Duration.ofSeconds(1));
		assertThat(this.contest.timelyIn(Need.RENEWAL, Duration.ofSeconds(60))).isZero();
		this.contest.attested(Need.RENEWAL, LIFETIME);
		assertThat(this.contest.timelyIn(Need.RENEWAL, Duration.ofSeconds(60))).isEqualTo(Duration.ofSeconds(20));
	}

	@ParameterizedTest
	@CsvSource({ "3600, 10, 15", "3600, 45, 15", "3600, 46, 15.333333333", "3600, 600, 200", "3600, 2700, 900",
			"3600, 86400, 900", "80, 60, 20", "40, 60, 10" })
	void pauseOfARenewalIsBetweenFifteenSecondsAndAQuarterOfTheAgentSvid(long agent, long svid, BigDecimal pause) {
		this.contest.attested(Need.RENEWAL, Duration.ofSeconds(agent));
		contest();
		assertThat(this.contest.timelyIn(Need.RENEWAL, Duration.ofSeconds(svid)))
			.isEqualTo(Duration.ofNanos(pause.movePointRight(9).longValueExact()));
	}

	@Test
	void whoeverOnlyChecksForChangesAttestsOnceInAQuarterOfTheLifeOfTheAgentSvid() {
		contest();
		assertThat(this.contest.timelyIn(Need.NONE, Duration.ofSeconds(60))).isEqualTo(Duration.ofMinutes(15));
		assertThat(in(Need.RENEWAL)).isEqualTo(Duration.ofMinutes(15));
	}

	@Test
	void callsAttestOnceInAMinuteAndCountSeparately() {
		contest();
		assertThat(in(Need.CALL)).isZero();
		this.contest.attested(Need.CALL, LIFETIME);
		assertThat(in(Need.CALL)).isEqualTo(Duration.ofMinutes(1));
		this.time.pass(Duration.ofSeconds(50));
		this.contest.attested(Need.RENEWAL, LIFETIME);
		assertThat(in(Need.CALL)).isEqualTo(Duration.ofSeconds(10));
		this.time.pass(Duration.ofSeconds(10));
		this.contest.attested(Need.CALL, LIFETIME);
		assertThat(in(Need.RENEWAL)).isEqualTo(Duration.ofMinutes(15).minusSeconds(10));
	}

	@Test
	void withoutAContestItIsAlwaysTime() {
		assertThat(in(Need.NONE)).isZero();
		assertThat(in(Need.RENEWAL)).isZero();
		this.contest.attested(Need.CALL, LIFETIME);
		assertThat(in(Need.CALL)).isZero();
	}

	private Duration in(Need need) {
		return this.contest.timelyIn(need, null);
	}

	private void contest() {
		this.contest.evicted();
		this.contest.evicted();
	}

}
