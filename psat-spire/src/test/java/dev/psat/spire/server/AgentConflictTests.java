package dev.psat.spire.server;

import java.math.BigDecimal;
import java.time.Duration;

import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.ManualTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AgentState.AgentConflict}.
 */
class AgentConflictTests {

	private static final SpireStatus.LastError EVICTION = SpireStatus.LastError
		.builder("AGENT_NOT_ACTIVE", ManualTime.START, "on purpose", "None.")
		.build();

	private static final Duration LIFETIME = Duration.ofHours(1);

	private final ManualTime time = new ManualTime();

	private AgentState.AgentConflict conflict = AgentState.AgentConflict.NONE;

	@BeforeEach
	void attest() {
		attested(Attestation.Need.RENEWAL, LIFETIME);
	}

	@Test
	void oneEvictionIsAnAccident() {
		evicted();
		assertThat(this.conflict.isOn(now())).isFalse();
		assertThat(in(Attestation.Need.RENEWAL)).isZero();
	}

	@Test
	void secondEvictionWithinOneLifetimeBeginsIt() {
		evicted();
		this.time.pass(LIFETIME.minusNanos(1));
		evicted();
		assertThat(this.conflict.isOn(now())).isTrue();
	}

	@Test
	void evictionsThatAreALifetimeApartAreAccidents() {
		for (int i = 0; i < 5; i++) {
			evicted();
			assertThat(this.conflict.isOn(now())).isFalse();
			this.time.pass(LIFETIME);
		}
	}

	@Test
	void endsAfterOneLifetimeWithoutAnEviction() {
		conflict();
		this.time.pass(Duration.ofMinutes(50));
		attested(Attestation.Need.RENEWAL, LIFETIME);
		evicted();
		this.time.pass(LIFETIME.minusNanos(1));
		assertThat(this.conflict.isOn(now())).isTrue();
		this.time.pass(Duration.ofNanos(1));
		assertThat(this.conflict.isOn(now())).isFalse();
		evicted();
		assertThat(this.conflict.isOn(now())).isFalse();
	}

	@Test
	void renewalsAttestOnceInAThirdOfTheLifeOfTheSvid() {
		conflict();
		assertThat(this.conflict.timelyIn(Attestation.Need.RENEWAL, Duration.ofSeconds(60), now()))
			.isEqualTo(Duration.ofSeconds(20));
		this.time.pass(Duration.ofSeconds(19));
		assertThat(this.conflict.timelyIn(Attestation.Need.RENEWAL, Duration.ofSeconds(60), now()))
			.isEqualTo(Duration.ofSeconds(1));
		this.time.pass(Duration.ofSeconds(1));
		assertThat(this.conflict.timelyIn(Attestation.Need.RENEWAL, Duration.ofSeconds(60), now())).isZero();
		attested(Attestation.Need.RENEWAL, LIFETIME);
		assertThat(this.conflict.timelyIn(Attestation.Need.RENEWAL, Duration.ofSeconds(60), now()))
			.isEqualTo(Duration.ofSeconds(20));
	}

	@ParameterizedTest
	@CsvSource({ "3600, 10, 15", "3600, 45, 15", "3600, 46, 15.333333333", "3600, 600, 200", "3600, 2700, 900",
			"3600, 86400, 900", "80, 60, 20", "40, 60, 10" })
	void pauseOfARenewalIsBetweenFifteenSecondsAndAQuarterOfTheAgentSvid(long agent, long svid, BigDecimal pause) {
		attested(Attestation.Need.RENEWAL, Duration.ofSeconds(agent));
		conflict();
		assertThat(this.conflict.timelyIn(Attestation.Need.RENEWAL, Duration.ofSeconds(svid), now()))
			.isEqualTo(Duration.ofNanos(pause.movePointRight(9).longValueExact()));
	}

	@Test
	void whoeverOnlyChecksForChangesAttestsOnceInAQuarterOfTheLifeOfTheAgentSvid() {
		conflict();
		assertThat(this.conflict.timelyIn(Attestation.Need.NONE, Duration.ofSeconds(60), now()))
			.isEqualTo(Duration.ofMinutes(15));
		assertThat(in(Attestation.Need.RENEWAL)).isEqualTo(Duration.ofMinutes(15));
	}

	@Test
	void callsAttestOnceInAMinuteAndCountSeparately() {
		conflict();
		assertThat(in(Attestation.Need.CALL)).isZero();
		attested(Attestation.Need.CALL, LIFETIME);
		assertThat(in(Attestation.Need.CALL)).isEqualTo(Duration.ofMinutes(1));
		this.time.pass(Duration.ofSeconds(50));
		attested(Attestation.Need.RENEWAL, LIFETIME);
		assertThat(in(Attestation.Need.CALL)).isEqualTo(Duration.ofSeconds(10));
		this.time.pass(Duration.ofSeconds(10));
		attested(Attestation.Need.CALL, LIFETIME);
		assertThat(in(Attestation.Need.RENEWAL)).isEqualTo(Duration.ofMinutes(15).minusSeconds(10));
	}

	@Test
	void withoutAConflictItIsAlwaysTime() {
		assertThat(in(Attestation.Need.NONE)).isZero();
		assertThat(in(Attestation.Need.RENEWAL)).isZero();
		attested(Attestation.Need.CALL, LIFETIME);
		assertThat(in(Attestation.Need.CALL)).isZero();
	}

	private void evicted() {
		this.conflict = this.conflict.evicted(EVICTION, now());
	}

	private void attested(Attestation.Need need, Duration lifetime) {
		this.conflict = this.conflict.attested(need, lifetime, now());
	}

	private long now() {
		return this.time.time().nanos();
	}

	private Duration in(Attestation.Need need) {
		return this.conflict.timelyIn(need, null, now());
	}

	private void conflict() {
		evicted();
		evicted();
	}

}
