package dev.psat.token;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Validity}.
 */
class ValidityTests {

	private final Validity validity = Validity.of(Tokens.lasting(600), Duration.ofSeconds(60));

	@ParameterizedTest
	@CsvSource({ "-60001, NOT_YET_VALID", "-60000, VALID", "0, VALID", "584999, VALID", "585000, OVERDUE",
			"600000, OVERDUE", "660000, OVERDUE", "660001, EXPIRED" })
	void stateFollowsTheClock(long millis, TokenState state) {
		long now = Tokens.ISSUED.toEpochMilli() + millis;
		assertThat(this.validity.stateAt(now)).isEqualTo(state);
		assertThat(this.validity.isInForce(now)).isEqualTo(state.isInForce());
	}

	@ParameterizedTest
	@CsvSource({ "-100000, -60000", "-60000, 585000", "584999, 585000", "585000, 660001", "660000, 660001" })
	void nextChangeIsTheFirstMillisecondOfTheNextState(long now, long change) {
		long issued = Tokens.ISSUED.toEpochMilli();
		assertThat(this.validity.nextChange(issued + now)).isEqualTo(issued + change);
		assertThat(this.validity.stateAt(issued + change)).isNotEqualTo(this.validity.stateAt(issued + change - 1));
	}

	@Test
	void expiredTokenNeverChanges() {
		assertThat(this.validity.nextChange(Tokens.ISSUED.toEpochMilli() + 660_001)).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void tokenWithoutIssueDateIsNeverOverdue() {
		long exp = Instant.parse("2026-11-25T10:10:00Z").getEpochSecond();
		Validity validity = Validity.of(Tokens.token(null, null, exp, null), Duration.ZERO);
		assertThat(validity.stateAt(0)).isEqualTo(TokenState.VALID);
		assertThat(validity.nextChange(0)).isEqualTo(exp * 1000 + 1);
	}

}
