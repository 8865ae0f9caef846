package dev.psat.file.internal;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Confirmation}.
 */
class ConfirmationTests {

	private final Confirmation confirmation = new Confirmation(Duration.ofMillis(250));

	private @Nullable State known;

	@Test
	void firstLookIsBelieved() {
		assertThat(see(State.MISSING, 0)).isNull();
		assertThat(this.known).isEqualTo(State.MISSING);
	}

	@Test
	void laterProblemIsBelievedOnceItHasLasted() {
		see(null, 0);
		assertThat(see(State.MISSING, 1000)).isEqualTo(250);
		assertThat(see(State.MISSING, 1249)).isEqualTo(1);
		assertThat(this.known).isEqualTo(State.OK);
		assertThat(see(State.MISSING, 1250)).isNull();
		assertThat(this.known).isEqualTo(State.MISSING);
	}

	@Test
	void recoveryIsBelievedAtOnceAndForgetsTheSuspicion() {
		see(null, 0);
		see(State.MISSING, 1000);
		assertThat(see(null, 1100)).isNull();
		assertThat(see(State.MISSING, 1300)).isEqualTo(250);
		assertThat(this.known).isEqualTo(State.OK);
	}

	@Test
	void problemLastsWhateverItsKind() {
		see(null, 0);
		assertThat(see(State.MISSING, 1000)).isEqualTo(250);
		assertThat(see(State.MALFORMED, 1100)).isEqualTo(150);
		assertThat(see(State.MISSING, 1200)).isEqualTo(50);
		assertThat(see(State.MALFORMED, 1250)).isNull();
		assertThat(this.known).isEqualTo(State.MALFORMED);
	}

	@Test
	void otherProblemThanTheKnownOneHasToLastAnew() {
		see(State.MISSING, 0);
		assertThat(see(State.MALFORMED, 1000)).isEqualTo(250);
		assertThat(this.known).isEqualTo(State.MISSING);
		assertThat(see(State.MALFORMED, 1250)).isNull();
		assertThat(this.known).isEqualTo(State.MALFORMED);
	}

	@Test
	void knownProblemStaysWhileItComesInTurnWithAnother() {
		see(State.MISSING, 0);
		for (int millis = 100; millis < 2000; millis += 200) {
			assertThat(see(State.MALFORMED, millis)).isEqualTo(250);
			assertThat(see(State.MISSING, millis + 100)).isNull();
			assertThat(this.known).isEqualTo(State.MISSING);
		}
	}

	@Test
	void twoProblemsInTurnReplaceTheKnownOneThatIsOver() {
		see(State.MISSING, 0);
		assertThat(see(State.MALFORMED, 1000)).isEqualTo(250);
		assertThat(see(State.WRONG_AUDIENCE, 1100)).isEqualTo(150);
		assertThat(see(State.MALFORMED, 1200)).isEqualTo(50);
		assertThat(see(State.WRONG_AUDIENCE, 1300)).isNull();
		for (int millis = 1400; millis < 3000; millis += 200) {
			see(State.MALFORMED, millis);
			see(State.WRONG_AUDIENCE, millis + 100);
			assertThat(this.known).isEqualTo(State.WRONG_AUDIENCE);
		}
	}

	private @Nullable Long see(@Nullable State seen, long millis) {
		Duration doubt = this.confirmation.doubt(this.known, seen, Duration.ofMillis(millis).toNanos());
		if (doubt == null) {
			this.known = (seen != null) ? seen : State.OK;
			return null;
		}
		return doubt.toMillis();
	}

	private enum State {

		OK, MISSING, MALFORMED, WRONG_AUDIENCE

	}

}
