package dev.psat.token;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Confirmation}.
 */
class ConfirmationTests {

	private static final Trouble MISSING = new Trouble(SourceState.MISSING, "missing");

	private static final Trouble MALFORMED = new Trouble(SourceState.MALFORMED, "malformed");

	private final Confirmation confirmation = new Confirmation(Duration.ofMillis(250));

	@Test
	void firstLookIsBelieved() {
		assertThat(see(MISSING, 0)).isZero();
		assertThat(this.confirmation.believed()).isEqualTo(MISSING);
	}

	@Test
	void laterTroubleIsBelievedOnceItHasLasted() {
		see(null, 0);
		assertThat(see(MISSING, 1000)).isEqualTo(250);
		assertThat(see(MISSING, 1249)).isEqualTo(1);
		assertThat(this.confirmation.believed()).isNull();
		assertThat(see(MISSING, 1250)).isZero();
		assertThat(this.confirmation.believed()).isEqualTo(MISSING);
	}

	@Test
	void recoveryIsBelievedAtOnceAndForgetsTheSuspicion() {
		see(null, 0);
		see(MISSING, 1000);
		assertThat(see(null, 1100)).isZero();
		assertThat(see(MISSING, 1300)).isEqualTo(250);
		assertThat(this.confirmation.believed()).isNull();
	}

	@Test
	void lookThatSaysNothingEndsTheSuspicion() {
		see(null, 0);
		see(MISSING, 1000);
		this.confirmation.doubt();
		assertThat(see(MISSING, 1300)).isEqualTo(250);
	}

	@Test
	void otherTroubleHasToLastAnew() {
		see(MISSING, 0);
		assertThat(see(MALFORMED, 1000)).isEqualTo(250);
		assertThat(this.confirmation.believed()).isEqualTo(MISSING);
		assertThat(see(MALFORMED, 1250)).isZero();
		assertThat(this.confirmation.believed()).isEqualTo(MALFORMED);
	}

	private long see(@Nullable Trouble trouble, long millis) {
		return this.confirmation.see(trouble, Duration.ofMillis(millis).toNanos()).toMillis();
	}

}
