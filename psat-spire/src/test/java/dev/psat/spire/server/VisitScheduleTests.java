package dev.psat.spire.server;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.psat.spiffe.SvidMint;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.ManualTime;
import dev.psat.spire.internal.Renewal;
import dev.psat.spire.internal.TestSvid;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link VisitSchedule}.
 */
class VisitScheduleTests {

	private static final Duration INTERVAL = Duration.ofSeconds(60);

	private static final double ALMOST_ALL = 0.9999999;

	private final ManualTime time = new ManualTime();

	private final VisitSchedule schedule = new VisitSchedule(this.time.time());

	private Duration interval = INTERVAL;

	private @Nullable Duration hint;

	private @Nullable Duration poll;

	private @Nullable HeldSvid held;

	private @Nullable Renewal agent;

	private Duration pause = Duration.ZERO;

	@Test
	void visitsAreSpreadByATenthOfTheInterval() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.draw(0);
		assertThat(afterSuccess()).isEqualTo(Duration.ofSeconds(54));
		this.time.draw(0.5);
		assertThat(afterSuccess()).isEqualTo(INTERVAL);
		this.time.draw(ALMOST_ALL);
		assertThat(afterSuccess()).isBetween(Duration.ofMillis(65_999), Duration.ofSeconds(66));
	}

	@Test
	void renewalIsNotMissed() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.pass(Duration.ofMinutes(30).minusSeconds(7));
		assertThat(afterSuccess()).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void renewalThatIsStillDueAndHeldBackByNothingIsNotRunAfter() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.pass(Duration.ofMinutes(30));
		assertThat(afterSuccess()).isEqualTo(INTERVAL);
		this.time.draw(ALMOST_ALL);
		assertThat(afterSuccess()).isGreaterThan(INTERVAL);
	}

	@Test
	void renewalThatIsHeldBackByAConflictIsNotHeldBackLonger() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.pass(Duration.ofMinutes(30));
		this.pause = Duration.ofSeconds(7);
		assertThat(afterSuccess()).isEqualTo(Duration.ofSeconds(7));
		this.pause = Duration.ofMinutes(7);
		assertThat(afterSuccess()).isEqualTo(INTERVAL);
	}

	@Test
	void conflictHurriesNoRenewalThatIsNotDue() {
		this.held = TestSvid.held(1, this.time.time());
		this.pause = Duration.ofSeconds(7);
		assertThat(afterSuccess()).isEqualTo(INTERVAL);
	}

	@Test
	void endOfTheSvidIsNotSleptThroughAfterASuccessEither() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.pass(TestSvid.LIFE.minusSeconds(3));
		this.pause = Duration.ofSeconds(7);
		assertThat(afterSuccess()).isEqualTo(Duration.ofMillis(3001));
	}

	@ParameterizedTest
	@CsvSource({ "60, 300, 60", "300, 120, 120", "300, 5, 60", "30, 5, 30", "300, 0, 300" })
	void refreshHintBringsVisitsForwardDownToAMinute(long interval, long hint, long expected) {
		this.interval = Duration.ofSeconds(interval);
		this.hint = new SvidMint().bundle(1L, Duration.ofSeconds(hint)).refreshHint();
		assertThat(afterSuccess()).isEqualTo(Duration.ofSeconds(expected));
	}

	@Test
	void missingEntryIsPolledFor() {
		this.poll = Duration.ofSeconds(1);
		assertThat(afterSuccess()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void severalIdsArePolledForAtFirst() {
		this.poll = Duration.ofSeconds(1);
		assertThat(afterFailure(failure(VisitException.OwnReason.AMBIGUOUS_ENTRY))).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void entryThatIsMissedBeforeTheFirstSvidIsLookedForEveryHalfMinute() {
		this.time.draw(ALMOST_ALL);
		VisitException missed = failure(VisitException.OwnReason.NO_ENTRY);
		assertThat(Stream.generate(() -> afterFailure(missed).toSeconds()).limit(7)).containsExactly(1L, 2L, 4L, 8L,
				16L, 30L, 30L);
	}

	@Test
	void entryThatIsMissedWhileAnSvidIsInForceIsLookedForAsEver() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.draw(ALMOST_ALL);
		VisitException missed = failure(VisitException.OwnReason.NO_ENTRY);
		assertThat(Stream.generate(() -> afterFailure(missed).toSeconds()).limit(8)).endsWith(32L, 60L, 60L);
	}

	@Test
	void missingEntryHurriesNothingElse() {
		this.poll = Duration.ofSeconds(1);
		this.time.draw(ALMOST_ALL);
		assertThat(failures(5, FailureReason.UNREACHABLE)).containsExactly(1000L, 2000L, 4000L, 8000L, 16_000L);
	}

	@Test
	void beforeTheFirstSvidBackOffGoesUpToTwoMinutes() {
		this.time.draw(ALMOST_ALL);
		assertThat(failures(9, FailureReason.SERVICE_ACCOUNT_NOT_ALLOWED)).containsExactly(1000L, 2000L, 4000L, 8000L,
				16_000L, 32_000L, 64_000L, 120_000L, 120_000L);
	}

	@Test
	void beforeTheFirstSvidServerThatCannotBeReachedIsTriedEveryHalfMinute() {
		this.time.draw(ALMOST_ALL);
		assertThat(failures(9, FailureReason.UNREACHABLE)).containsExactly(1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L,
				30_000L, 30_000L, 30_000L);
	}

	@Test
	void afterTheEndOfTheSvidBackOffGoesAsFarAsBeforeTheFirstOne() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.pass(TestSvid.LIFE.plusSeconds(1));
		this.time.draw(ALMOST_ALL);
		assertThat(failures(9, FailureReason.SERVER_ERROR)).endsWith(120_000L);
		assertThat(failures(1, FailureReason.UNREACHABLE)).containsExactly(30_000L);
	}

	@Test
	void whileAnSvidIsInForceBackOffGoesUpToTheInterval() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.draw(ALMOST_ALL);
		assertThat(failures(9, FailureReason.UNREACHABLE)).containsExactly(1000L, 2000L, 4000L, 8000L, 16_000L, 32_000L,
				60_000L, 60_000L, 60_000L);
	}

	@Test
	void longIntervalDoesNotMakeBackOffLonger() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.draw(ALMOST_ALL);
		this.interval = Duration.ofMinutes(10);
		assertThat(failures(9, FailureReason.UNREACHABLE)).endsWith(120_000L);
	}

	@Test
	void limitedRateIsGivenMoreTime() {
		this.time.draw(0);
		assertThat(failures(3, FailureReason.RATE_LIMITED)).containsOnly(15_000L);
		this.time.draw(ALMOST_ALL);
		assertThat(failures(1, FailureReason.RATE_LIMITED)).containsExactly(120_000L);
	}

	@Test
	void limitedRateIsGivenMoreTimeHoweverShortTheInterval() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.draw(0);
		this.interval = Duration.ofSeconds(5);
		assertThat(failures(1, FailureReason.RATE_LIMITED)).containsExactly(15_000L);
	}

	@Test
	void unexpectedErrorIsAFailureAfterWhichASecondPassesAtLeast() {
		this.time.draw(0);
		assertThat(afterError()).isEqualTo(Duration.ofSeconds(1));
		assertThat(afterFailure(failure(VisitException.OwnReason.UNEXPECTED))).isEqualTo(Duration.ofSeconds(1));
		this.time.draw(ALMOST_ALL);
		assertThat(afterError()).isEqualTo(Duration.ofSeconds(8));
		assertThat(afterFailure(failure(VisitException.OwnReason.UNEXPECTED))).isEqualTo(Duration.ofSeconds(16));
		assertThat(failures(1, FailureReason.SERVER_ERROR)).containsExactly(16_000L);
		afterSuccess();
		assertThat(afterError()).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void unexpectedErrorsDelayNoRenewalAndNoNoticeOfTheEndOfTheSvid() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.draw(ALMOST_ALL);
		Stream.generate(this::afterError).limit(9).forEach((pause) -> assertThat(pause).isPositive());
		assertThat(afterError()).isEqualTo(INTERVAL);
		this.time.pass(Duration.ofMinutes(30).minusSeconds(7));
		assertThat(afterError()).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void unexpectedErrorsInAnOutageDoNotDelayItsEndBeforeTheFirstSvid() {
		this.time.draw(ALMOST_ALL);
		failures(9, FailureReason.UNREACHABLE);
		assertThat(afterError()).isEqualTo(Duration.ofSeconds(30));
		assertThat(afterFailure(failure(VisitException.OwnReason.UNEXPECTED))).isEqualTo(Duration.ofSeconds(30));
		assertThat(afterError()).isEqualTo(Duration.ofSeconds(30));
	}

	@Test
	void neitherDoFailuresThatSayNothingAboutTheServer() {
		this.time.draw(ALMOST_ALL);
		failures(9, FailureReason.UNREACHABLE);
		assertThat(afterFailure(failure(VisitException.OwnReason.TRUST_BUNDLE_UNREADABLE)))
			.isEqualTo(Duration.ofSeconds(30));
		assertThat(afterFailure(failure(FailureReason.CANCELLED))).isEqualTo(Duration.ofSeconds(30));
		assertThat(afterFailure(failure(FailureReason.SERVER_ERROR))).isEqualTo(INTERVAL.plusMinutes(1));
	}

	@Test
	void unexpectedErrorsInAnOutageDoNotDelayItsEndAfterTheEndOfTheSvid() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.draw(ALMOST_ALL);
		failures(9, FailureReason.UNREACHABLE);
		this.time.pass(TestSvid.LIFE.plusSeconds(1));
		assertThat(afterError()).isEqualTo(Duration.ofSeconds(30));
		assertThat(afterFailure(failure(VisitException.OwnReason.UNEXPECTED))).isEqualTo(Duration.ofSeconds(30));
	}

	@Test
	void unexpectedErrorsOutsideAnOutageAreGivenMoreTime() {
		this.time.draw(ALMOST_ALL);
		failures(9, FailureReason.UNREACHABLE);
		assertThat(failures(1, FailureReason.SERVER_ERROR)).containsExactly(120_000L);
		assertThat(afterError()).isEqualTo(Duration.ofMinutes(2));
		failures(1, FailureReason.UNREACHABLE);
		afterSuccess();
		assertThat(Stream.generate(this::afterError).limit(9)).endsWith(Duration.ofMinutes(2));
	}

	@Test
	void successEndsTheBackOff() {
		this.time.draw(ALMOST_ALL);
		failures(5, FailureReason.UNREACHABLE);
		afterSuccess();
		assertThat(failures(1, FailureReason.UNREACHABLE)).containsExactly(1000L);
	}

	@Test
	void serverThatHasRefusedForGoodIsVisitedAsEver() {
		for (int i = 0; i < 9; i++) {
			assertThat(afterFailure(failure(FailureReason.AGENT_BANNED))).isEqualTo(INTERVAL);
			assertThat(afterFailure(failure(VisitException.OwnReason.NODE_IDENTITY))).isEqualTo(INTERVAL);
		}
	}

	@Test
	void longIntervalDoesNotMakeTheBanLonger() {
		this.pause = Duration.ofMinutes(10);
		this.interval = Duration.ofHours(1);
		assertThat(afterFailure(failure(FailureReason.AGENT_BANNED))).isEqualTo(Duration.ofMinutes(10));
	}

	@Test
	void renewalIsNotMissedAfterAFailureEither() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.draw(ALMOST_ALL);
		failures(9, FailureReason.INVALID_TRUST_BUNDLE);
		this.time.pass(Duration.ofMinutes(30).minusSeconds(7));
		assertThat(failures(1, FailureReason.INVALID_TRUST_BUNDLE)).containsExactly(7000L);
		assertThat(failures(1, FailureReason.AGENT_BANNED)).containsExactly(7000L);
	}

	@Test
	void renewalThatFailedIsNotRunAfter() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.draw(ALMOST_ALL);
		failures(9, FailureReason.UNREACHABLE);
		this.time.pass(Duration.ofMinutes(30));
		assertThat(failures(1, FailureReason.UNREACHABLE)).containsExactly(60_000L);
	}

	@Test
	void endOfTheSvidIsNotSleptThrough() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.pass(TestSvid.LIFE.minusSeconds(3));
		assertThat(afterFailure(failure(FailureReason.AGENT_BANNED))).isEqualTo(Duration.ofMillis(3001));
		this.time.pass(Duration.ofMillis(3001));
		assertThat(afterFailure(failure(FailureReason.AGENT_BANNED))).isEqualTo(INTERVAL);
	}

	@Test
	void replacementOfTheAgentIsNotMissedWithOrWithoutAnSvid() {
		this.interval = Duration.ofDays(1);
		this.agent = new Renewal(this.time.time().nanos(), Duration.ofSeconds(48),
				this.time.time().now().plusSeconds(48));
		this.time.pass(Duration.ofSeconds(41));
		assertThat(afterSuccess()).isEqualTo(Duration.ofSeconds(7));
		this.held = TestSvid.held(1, this.time.time());
		assertThat(afterSuccess()).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void replacementOfTheAgentIsNotMissedAfterFailuresEither() {
		this.agent = new Renewal(this.time.time().nanos(), Duration.ofSeconds(48),
				this.time.time().now().plusSeconds(48));
		this.time.draw(ALMOST_ALL);
		failures(5, FailureReason.SERVER_ERROR);
		this.time.pass(Duration.ofSeconds(47));
		assertThat(failures(1, FailureReason.SERVER_ERROR)).containsExactly(1000L);
		this.time.pass(Duration.ofMillis(500));
		assertThat(afterError()).isEqualTo(Duration.ofMillis(500));
	}

	@Test
	void replacementOfTheAgentThatFailedIsNotRunAfter() {
		this.agent = Renewal.now(this.time.time());
		this.time.draw(ALMOST_ALL);
		assertThat(afterSuccess()).isGreaterThanOrEqualTo(INTERVAL);
		assertThat(failures(3, FailureReason.UNREACHABLE)).containsExactly(1000L, 2000L, 4000L);
		this.pause = Duration.ofSeconds(7);
		assertThat(afterSuccess()).isEqualTo(Duration.ofSeconds(7));
	}

	private Duration afterSuccess() {
		return this.schedule.afterSuccess(situation());
	}

	private Duration afterFailure(VisitException failure) {
		return this.schedule.afterFailure(failure, situation());
	}

	private Duration afterError() {
		return this.schedule.afterError(situation());
	}

	private VisitSchedule.Situation situation() {
		return new VisitSchedule.Situation(this.interval, this.hint, this.poll, this.held, this.agent, this.pause);
	}

	private List<Long> failures(int number, FailureReason reason) {
		return Stream.generate(() -> afterFailure(failure(reason)).toMillis()).limit(number).toList();
	}

	private static VisitException failure(VisitException.OwnReason reason) {
		return new VisitException(reason, "on purpose", "None.");
	}

	private static VisitException failure(FailureReason reason) {
		return new VisitException(reason, "on purpose", "None.");
	}

}
