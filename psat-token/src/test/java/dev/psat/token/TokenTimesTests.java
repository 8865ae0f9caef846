package dev.psat.token;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TokenTimes}.
 */
class TokenTimesTests {

	@ParameterizedTest
	@CsvSource({ "600, 480, 585", "3600, 2880, 3000", "3607, 2885.6, 3005", "86400, 69120, 69240",
			"108000, 86400, 86520", "604800, 86400, 86520", "30, 24, 30", "200, 160, 200", "450, 360, 450",
			"500, 400, 495" })
	void rotationIsDueAtEightyPercentAndOverdueWithSlack(long life, double due, long overdue) {
		TokenTimes times = Tokens.lasting(life).times();
		assertThat(times.rotationDueAt()).isEqualTo(Tokens.ISSUED.plusMillis((long) (due * 1000)));
		assertThat(times.overdueFrom()).isBetween(Tokens.ISSUED.plusSeconds(overdue),
				Tokens.ISSUED.plusMillis(overdue * 1000 + 999));
	}

	@Test
	void extendedTokenIsRotatedByItsNominalLife() {
		long iat = Tokens.ISSUED.getEpochSecond();
		TokenTimes times = Tokens.token(iat, iat, iat + Duration.ofDays(365).toSeconds(), iat + 3607).times();
		assertThat(times.rotationDueAt()).isEqualTo(Tokens.ISSUED.plusMillis(2_885_600));
		assertThat(times.overdueFrom()).isEqualTo(Tokens.ISSUED.plusMillis(3_005_600));
	}

	@Test
	void withoutIssueDateOrLifeNothingIsKnown() {
		long iat = Tokens.ISSUED.getEpochSecond();
		for (TokenTimes times : new TokenTimes[] { Tokens.token(null, null, iat + 600, null).times(),
				Tokens.token(iat, iat, iat, null).times(), Tokens.token(iat, iat, iat - 600, null).times() }) {
			assertThat(times.rotationDueAt()).isNull();
			assertThat(times.overdueFrom()).isNull();
		}
	}

	@Test
	void statusShowsTheDueDateInWholeSeconds() {
		TokenStatus.Token token = HeldToken.first(Tokens.lasting(3607), Duration.ZERO).shownAt(Tokens.ISSUED);
		assertThat(token.rotationDueAt()).isEqualTo(Instant.parse("2026-11-25T10:48:05Z"));
	}

}
