package dev.psat.spire.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.ManualTime;
import dev.psat.spire.internal.TestSvid;
import dev.psat.spire.internal.VisitException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link VisitSchedule}.
 */
class VisitScheduleTests {

	private static final TrustDomain TRUST_DOMAIN = TrustDomain.of("example.org");

	private static final Duration INTERVAL = Duration.ofSeconds(60);

	private static final double ALMOST_ALL = 0.9999999;

	private final ManualTime time = new ManualTime();

	private final EntryKeeper entries = new EntryKeeper(TRUST_DOMAIN, new EntryPreference(null, null),
			this.time.time());

	private final TrustBundleKeeper bundles = new TrustBundleKeeper(
			new BundleFile(TRUST_DOMAIN, Path.of("none"), this.time.time()), this.time.time());

	private @Nullable HeldSvid held;

	private Duration pause = Duration.ZERO;

	private final VisitSchedule schedule = schedule(INTERVAL);

	@Test
	void visitsAreSpreadByATenthOfTheInterval() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.draw(0);
		assertThat(this.schedule.afterSuccess()).isEqualTo(Duration.ofSeconds(54));
		this.time.draw(0.5);
		assertThat(this.schedule.afterSuccess()).isEqualTo(INTERVAL);
		this.time.draw(ALMOST_ALL);
		assertThat(this.schedule.afterSuccess()).isBetween(Duration.ofMillis(65_999), Duration.ofSeconds(66));
	}

	@Test
	void renewalIsNotMissed() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.pass(Duration.ofMinutes(30).minusSeconds(7));
		assertThat(this.schedule.afterSuccess()).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void renewalThatIsStillDueAndHeldBackByNothingIsNotRunAfter() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.pass(Duration.ofMinutes(30));
		assertThat(this.schedule.afterSuccess()).isEqualTo(INTERVAL);
		this.time.draw(ALMOST_ALL);
		assertThat(this.schedule.afterSuccess()).isGreaterThan(INTERVAL);
	}

	@Test
	void renewalThatIsHeldBackByAContestIsNotHeldBackLonger() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.pass(Duration.ofMinutes(30));
		this.pause = Duration.ofSeconds(7);
		assertThat(this.schedule.afterSuccess()).isEqualTo(Duration.ofSeconds(7));
		this.pause = Duration.ofMinutes(7);
		assertThat(this.schedule.afterSuccess()).isEqualTo(INTERVAL);
	}

	@Test
	void contestHurriesNoRenewalThatIsNotDue() {
		this.held = TestSvid.held(1, this.time.time());
		this.pause = Duration.ofSeconds(7);
		assertThat(this.schedule.afterSuccess()).isEqualTo(INTERVAL);
	}

	@Test
	void endOfTheSvidIsNotSleptThroughAfterASuccessEither() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.pass(TestSvid.LIFE.minusSeconds(3));
		this.pause = Duration.ofSeconds(7);
		assertThat(this.schedule.afterSuccess()).isEqualTo(Duration.ofMillis(3001));
	}

	@ParameterizedTest
	@CsvSource({ "60, 300, 60", "300, 120, 120", "300, 5, 60", "30, 5, 30", "300, 0, 300" })
	void refreshHintBringsVisitsForwardDownToAMinute(long interval, long hint, long expected) throws Exception {
		this.bundles.accept(new SvidMint().bundle(1L, Duration.ofSeconds(hint)));
		assertThat(schedule(Duration.ofSeconds(interval)).afterSuccess()).isEqualTo(Duration.ofSeconds(expected));
	}

	@Test
	void missingEntryIsPolledFor() throws Exception {
		this.entries.choose(List.of(), TestClaims.POD, null);
		assertThat(this.schedule.afterSuccess()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void severalIdsArePolledForAtFirst() {
		List<AuthorizedEntry> several = List.of(new TestEntry().build(),
				new TestEntry().spiffeId("spiffe://example.org/returns").build());
		VisitException failure = assertThatExceptionOfType(VisitException.class)
			.isThrownBy(() -> this.entries.choose(several, TestClaims.POD, null))
			.actual();
		assertThat(this.schedule.afterFailure(failure)).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void entryThatIsMissedBeforeTheFirstSvidIsLookedForEveryHalfMinute() throws Exception {
		this.time.draw(ALMOST_ALL);
		VisitException missed = missedEntry();
		assertThat(Stream.generate(() -> this.schedule.afterFailure(missed).toSeconds()).limit(7)).containsExactly(1L,
				2L, 4L, 8L, 16L, 30L, 30L);
	}

	@Test
	void entryThatIsMissedWhileAnSvidIsInForceIsLookedForAsEver() throws Exception {
		this.held = TestSvid.held(1, this.time.time());
		this.time.draw(ALMOST_ALL);
		VisitException missed = missedEntry();
		assertThat(Stream.generate(() -> this.schedule.afterFailure(missed).toSeconds()).limit(8)).endsWith(32L, 60L,
				60L);
	}

	@Test
	void missingEntryHurriesNothingElse() throws Exception {
		this.entries.choose(List.of(), TestClaims.POD, null);
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
		VisitSchedule schedule = schedule(Duration.ofMinutes(10));
		assertThat(Stream.generate(() -> schedule.afterFailure(failure(FailureReason.UNREACHABLE))).limit(9))
			.endsWith(Duration.ofMinutes(2));
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
		assertThat(schedule(Duration.ofSeconds(5)).afterFailure(failure(FailureReason.RATE_LIMITED)))
			.isEqualTo(Duration.ofSeconds(15));
	}

	@Test
	void mishapIsAFailureAfterWhichASecondPassesAtLeast() {
		this.time.draw(0);
		assertThat(this.schedule.afterError()).isEqualTo(Duration.ofSeconds(1));
		assertThat(this.schedule.afterFailure(unexpected())).isEqualTo(Duration.ofSeconds(1));
		this.time.draw(ALMOST_ALL);
		assertThat(this.schedule.afterError()).isEqualTo(Duration.ofSeconds(8));
		assertThat(this.schedule.afterFailure(unexpected())).isEqualTo(Duration.ofSeconds(16));
		assertThat(failures(1, FailureReason.SERVER_ERROR)).containsExactly(16_000L);
		this.schedule.afterSuccess();
		assertThat(this.schedule.afterError()).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void mishapsDelayNoRenewalAndNoNoticeOfTheEndOfTheSvid() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.draw(ALMOST_ALL);
		Stream.generate(this.schedule::afterError).limit(9).forEach((pause) -> assertThat(pause).isPositive());
		assertThat(this.schedule.afterError()).isEqualTo(INTERVAL);
		this.time.pass(Duration.ofMinutes(30).minusSeconds(7));
		assertThat(this.schedule.afterError()).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void mishapsInAnOutageDoNotDelayItsEndBeforeTheFirstSvid() {
		this.time.draw(ALMOST_ALL);
		failures(9, FailureReason.UNREACHABLE);
		assertThat(this.schedule.afterError()).isEqualTo(Duration.ofSeconds(30));
		assertThat(this.schedule.afterFailure(unexpected())).isEqualTo(Duration.ofSeconds(30));
		assertThat(this.schedule.afterError()).isEqualTo(Duration.ofSeconds(30));
	}

	@Test
	void neitherDoFailuresThatSayNothingAboutTheServer() {
		this.time.draw(ALMOST_ALL);
		failures(9, FailureReason.UNREACHABLE);
		VisitException unreadable = new VisitException(VisitException.OwnReason.TRUST_BUNDLE_UNREADABLE, "on purpose",
				"None.");
		assertThat(this.schedule.afterFailure(unreadable)).isEqualTo(Duration.ofSeconds(30));
		assertThat(this.schedule.afterFailure(failure(FailureReason.CANCELLED))).isEqualTo(Duration.ofSeconds(30));
		assertThat(this.schedule.afterFailure(failure(FailureReason.SERVER_ERROR))).isEqualTo(INTERVAL.plusMinutes(1));
	}

	@Test
	void mishapsInAnOutageDoNotDelayItsEndAfterTheEndOfTheSvid() {
		this.held = TestSvid.held(1, this.time.time());
		this.time.draw(ALMOST_ALL);
		failures(9, FailureReason.UNREACHABLE);
		this.time.pass(TestSvid.LIFE.plusSeconds(1));
		assertThat(this.schedule.afterError()).isEqualTo(Duration.ofSeconds(30));
		assertThat(this.schedule.afterFailure(unexpected())).isEqualTo(Duration.ofSeconds(30));
	}

	@Test
	void mishapsOutsideAnOutageAreGivenMoreTime() {
		this.time.draw(ALMOST_ALL);
		failures(9, FailureReason.UNREACHABLE);
		assertThat(failures(1, FailureReason.SERVER_ERROR)).containsExactly(120_000L);
		assertThat(this.schedule.afterError()).isEqualTo(Duration.ofMinutes(2));
		failures(1, FailureReason.UNREACHABLE);
		this.schedule.afterSuccess();
		assertThat(Stream.generate(this.schedule::afterError).limit(9)).endsWith(Duration.ofMinutes(2));
	}

	@Test
	void successEndsTheBackOff() {
		this.time.draw(ALMOST_ALL);
		failures(5, FailureReason.UNREACHABLE);
		this.schedule.afterSuccess();
		assertThat(failures(1, FailureReason.UNREACHABLE)).containsExactly(1000L);
	}

	@Test
	void serverThatHasRefusedForGoodIsVisitedAsEver() {
		for (int i = 0; i < 9; i++) {
			assertThat(this.schedule.afterFailure(failure(FailureReason.AGENT_BANNED))).isEqualTo(INTERVAL);
			assertThat(this.schedule
				.afterFailure(new VisitException(VisitException.OwnReason.NODE_IDENTITY, "on purpose", "None.")))
				.isEqualTo(INTERVAL);
		}
	}

	@Test
	void longIntervalDoesNotMakeTheBanLonger() {
		this.pause = Duration.ofMinutes(10);
		assertThat(schedule(Duration.ofHours(1)).afterFailure(failure(FailureReason.AGENT_BANNED)))
			.isEqualTo(Duration.ofMinutes(10));
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
		assertThat(this.schedule.afterFailure(failure(FailureReason.AGENT_BANNED))).isEqualTo(Duration.ofMillis(3001));
		this.time.pass(Duration.ofMillis(3001));
		assertThat(this.schedule.afterFailure(failure(FailureReason.AGENT_BANNED))).isEqualTo(INTERVAL);
	}

	private VisitException missedEntry() throws VisitException {
		this.entries.choose(List.of(), TestClaims.POD, null);
		this.time.pass(Duration.ofMinutes(3));
		return assertThatExceptionOfType(VisitException.class)
			.isThrownBy(() -> this.entries.choose(List.of(), TestClaims.POD, null))
			.actual();
	}

	private VisitSchedule schedule(Duration interval) {
		return new VisitSchedule(interval, this.entries, () -> this.held, this.bundles, () -> this.pause,
				this.time.time());
	}

	private List<Long> failures(int number, FailureReason reason) {
		return Stream.generate(() -> this.schedule.afterFailure(failure(reason)).toMillis()).limit(number).toList();
	}

	private static VisitException unexpected() {
		return new VisitException(VisitException.OwnReason.UNEXPECTED, "on purpose", "None.");
	}

	private static VisitException failure(FailureReason reason) {
		return new VisitException(reason, "on purpose", "None.");
	}

}
