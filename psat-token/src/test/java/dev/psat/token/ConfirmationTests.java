package dev.psat.token;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Confirmation}.
 */
class ConfirmationTests {

	private static final FileProblem MISSING = new FileProblem(SourceState.MISSING, "missing");

	private static final FileProblem MALFORMED = new FileProblem(SourceState.MALFORMED, "malformed");

	private static final FileProblem WRONG_AUDIENCE = new FileProblem(SourceState.WRONG_AUDIENCE, "wrong audience");

	private final Confirmation confirmation = new Confirmation(Duration.ofMillis(250));

	private Snapshot.SourceView known = Snapshot.SourceView.NONE;

	@Test
	void firstLookIsBelieved() {
		assertThat(see(MISSING, 0)).isNull();
		assertThat(this.known.problem()).isEqualTo(MISSING);
	}

	@Test
	void laterProblemIsBelievedOnceItHasLasted() {
		see(null, 0);
		assertThat(see(MISSING, 1000)).isEqualTo(250);
		assertThat(see(MISSING, 1249)).isEqualTo(1);
		assertThat(this.known.state()).isEqualTo(SourceState.OK);
		assertThat(see(MISSING, 1250)).isNull();
		assertThat(this.known.problem()).isEqualTo(MISSING);
	}

	@Test
	void recoveryIsBelievedAtOnceAndForgetsTheSuspicion() {
		see(null, 0);
		see(MISSING, 1000);
		assertThat(see(null, 1100)).isNull();
		assertThat(see(MISSING, 1300)).isEqualTo(250);
		assertThat(this.known.problem()).isNull();
	}

	@Test
	void problemLastsWhateverItsKind() {
		see(null, 0);
		assertThat(see(MISSING, 1000)).isEqualTo(250);
		assertThat(see(MALFORMED, 1100)).isEqualTo(150);
		assertThat(see(MISSING, 1200)).isEqualTo(50);
		assertThat(see(MALFORMED, 1250)).isNull();
		assertThat(this.known.problem()).isEqualTo(MALFORMED);
	}

	@Test
	void otherProblemThanTheKnownOneHasToLastAnew() {
		see(MISSING, 0);
		assertThat(see(MALFORMED, 1000)).isEqualTo(250);
		assertThat(this.known.problem()).isEqualTo(MISSING);
		assertThat(see(MALFORMED, 1250)).isNull();
		assertThat(this.known.problem()).isEqualTo(MALFORMED);
	}

	@Test
	void knownProblemStaysWhileItComesInTurnWithAnother() {
		see(MISSING, 0);
		for (int millis = 100; millis < 2000; millis += 200) {
			assertThat(see(MALFORMED, millis)).isEqualTo(250);
			assertThat(see(MISSING, millis + 100)).isNull();
			assertThat(this.known.problem()).isEqualTo(MISSING);
		}
	}

	@Test
	void twoProblemsInTurnReplaceTheKnownOneThatIsOver() {
		see(MISSING, 0);
		assertThat(see(MALFORMED, 1000)).isEqualTo(250);
		assertThat(see(WRONG_AUDIENCE, 1100)).isEqualTo(150);
		assertThat(see(MALFORMED, 1200)).isEqualTo(50);
		assertThat(see(WRONG_AUDIENCE, 1300)).isNull();
		for (int millis = 1400; millis < 3000; millis += 200) {
			see(MALFORMED, millis);
			see(WRONG_AUDIENCE, millis + 100);
			assertThat(this.known.problem()).isEqualTo(WRONG_AUDIENCE);
		}
	}

	private @Nullable Long see(@Nullable FileProblem problem, long millis) {
		Duration doubt = this.confirmation.doubt(this.known, problem, Duration.ofMillis(millis).toNanos());
		if (doubt == null) {
			this.known = this.known.in(problem);
			return null;
		}
		return doubt.toMillis();
	}

}
