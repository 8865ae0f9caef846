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

	private static final Trouble WRONG_AUDIENCE = new Trouble(SourceState.WRONG_AUDIENCE, "wrong audience");

	private final Confirmation confirmation = new Confirmation(Duration.ofMillis(250));

	private SourceView known = SourceView.NONE;

	@Test
	void firstLookIsBelieved() {
		assertThat(see(MISSING, 0)).isNull();
		assertThat(this.known.trouble()).isEqualTo(MISSING);
	}

	@Test
	void laterTroubleIsBelievedOnceItHasLasted() {
		see(null, 0);
		assertThat(see(MISSING, 1000)).isEqualTo(250);
		assertThat(see(MISSING, 1249)).isEqualTo(1);
		assertThat(this.known.state()).isEqualTo(SourceState.OK);
		assertThat(see(MISSING, 1250)).isNull();
		assertThat(this.known.trouble()).isEqualTo(MISSING);
	}

	@Test
	void recoveryIsBelievedAtOnceAndForgetsTheSuspicion() {
		see(null, 0);
		see(MISSING, 1000);
		assertThat(see(null, 1100)).isNull();
		assertThat(see(MISSING, 1300)).isEqualTo(250);
		assertThat(this.known.trouble()).isNull();
	}

	@Test
	void troubleLastsWhateverItsKind() {
		see(null, 0);
		assertThat(see(MISSING, 1000)).isEqualTo(250);
		assertThat(see(MALFORMED, 1100)).isEqualTo(150);
		assertThat(see(MISSING, 1200)).isEqualTo(50);
		assertThat(see(MALFORMED, 1250)).isNull();
		assertThat(this.known.trouble()).isEqualTo(MALFORMED);
	}

	@Test
	void otherTroubleThanTheKnownOneHasToLastAnew() {
		see(MISSING, 0);
		assertThat(see(MALFORMED, 1000)).isEqualTo(250);
		assertThat(this.known.trouble()).isEqualTo(MISSING);
		assertThat(see(MALFORMED, 1250)).isNull();
		assertThat(this.known.trouble()).isEqualTo(MALFORMED);
	}

	@Test
	void knownTroubleStaysWhileItComesInTurnWithAnother() {
		see(MISSING, 0);
		for (int millis = 100; millis < 2000; millis += 200) {
			assertThat(see(MALFORMED, millis)).isEqualTo(250);
			assertThat(see(MISSING, millis + 100)).isNull();
			assertThat(this.known.trouble()).isEqualTo(MISSING);
		}
	}

	@Test
	void twoTroublesInTurnReplaceTheKnownOneThatIsOver() {
		see(MISSING, 0);
		assertThat(see(MALFORMED, 1000)).isEqualTo(250);
		assertThat(see(WRONG_AUDIENCE, 1100)).isEqualTo(150);
		assertThat(see(MALFORMED, 1200)).isEqualTo(50);
		assertThat(see(WRONG_AUDIENCE, 1300)).isNull();
		for (int millis = 1400; millis < 3000; millis += 200) {
			see(MALFORMED, millis);
			see(WRONG_AUDIENCE, millis + 100);
			assertThat(this.known.trouble()).isEqualTo(WRONG_AUDIENCE);
		}
	}

	private @Nullable Long see(@Nullable Trouble trouble, long millis) {
		Duration doubt = this.confirmation.doubt(this.known, trouble, Duration.ofMillis(millis).toNanos());
		if (doubt == null) {
			this.known = this.known.in(trouble);
			return null;
		}
		return doubt.toMillis();
	}

}
