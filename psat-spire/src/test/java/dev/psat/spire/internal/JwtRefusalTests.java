package dev.psat.spire.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import dev.psat.concurrent.internal.Deadline;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.TestFailure;
import dev.psat.spire.server.TestEntry;
import dev.psat.spire.server.TestReach;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JwtAnswers.Refusal}, as {@link JwtSvids} keeps it. No JWT-SVID is
 * kept, since each is for a single use.
 */
class JwtRefusalTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Set<String> BANK = Set.of("bank");

	private static final Set<String> SHOP = Set.of("shop");

	private static final HeldSvid.Subject ORDERS = new HeldSvid.Subject(SpiffeId.parse(TestEntry.ORDERS), "1", true);

	private final ManualTime time = new ManualTime();

	private final List<Set<String>> asked = new ArrayList<>();

	private final JwtSvids svids = svids(this::issue);

	private @Nullable FailureReason reason;

	private @Nullable Consumer<JwtSvids.Issued> late;

	private Duration latency = Duration.ZERO;

	/** How many others begin while a call is under way, and fail before it does. */
	private int crowd;

	@Test
	void lastRefusalAnswersForASecondDoubledUpToThirty() {
		this.reason = FailureReason.SERVER_ERROR;
		assertRefused(BANK, "SERVER_ERROR 1");
		for (int seconds : new int[] { 1, 2, 4, 8, 16, 30, 30 }) {
			int before = this.asked.size();
			this.time.pass(Duration.ofSeconds(seconds).minusNanos(1));
			assertRefused(BANK, "SERVER_ERROR " + before);
			assertThat(this.asked).hasSize(before);
			this.time.pass(Duration.ofNanos(1));
			assertRefused(BANK, "SERVER_ERROR " + (before + 1));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "UNREACHABLE", "HANDSHAKE_TIMED_OUT", "TIMED_OUT", "RATE_LIMITED" })
	void refusalThatConcernsTheServerAnswersForAllAudiences(FailureReason reason) {
		this.reason = reason;
		assertRefused(BANK, reason + " 1");
		assertRefused(SHOP, reason + " 1");
		assertThat(this.asked).containsExactly(BANK);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE,
			names = { "UNREACHABLE", "HANDSHAKE_TIMED_OUT", "TIMED_OUT", "RATE_LIMITED", "CANCELLED" })
	void anyOtherRefusalAnswersForItsAudienceAlone(FailureReason reason) {
		this.reason = reason;
		assertRefused(BANK, reason + " 1");
		assertRefused(SHOP, reason + " 2");
		assertRefused(BANK, reason + " 1");
		assertThat(this.asked).containsExactly(BANK, SHOP);
	}

	@Test
	void anySuccessEndsAllOfThem() {
		this.reason = FailureReason.SERVER_ERROR;
		assertRefused(BANK, "SERVER_ERROR 1");
		this.reason = null;
		ask(SHOP);
		ask(BANK);
		this.reason = FailureReason.SERVER_ERROR;
		assertRefused(BANK, "SERVER_ERROR 4");
		this.time.pass(Duration.ofSeconds(1));
		assertRefused(BANK, "SERVER_ERROR 5");
	}

	@Test
	void successOfAVisitEndsWhatItDisproves() {
		assertEnds(FailureReason.UNREACHABLE, true, (svids) -> svids.refreshed("success"));
		assertEnds(FailureReason.RATE_LIMITED, true, (svids) -> svids.refreshed("success"));
		assertEnds(FailureReason.SIGNING_FAILED, false, (svids) -> svids.refreshed("success"));
		assertEnds(FailureReason.RATE_LIMITED, true, (svids) -> svids.x509SvidRequested("success"));
		assertEnds(FailureReason.ENTRY_NOT_FOUND, true, (svids) -> svids.x509SvidRequested("success"));
		assertEnds(FailureReason.AGENT_NOT_ACTIVE, true, (svids) -> attested(svids, "success"));
		assertEnds(FailureReason.UNREACHABLE, false, (svids) -> {
			svids.refreshed("unreachable");
			svids.x509SvidRequested("unreachable");
			attested(svids, "unreachable");
		});
	}

	private static void attested(JwtSvids svids, String outcome) {
		SpireObserver.Ending ending = svids.requesting(Outcomes.attestation());
		assertThat(ending).isNotNull();
		ending.ended(outcome);
	}

	private void assertEnds(FailureReason reason, boolean ends, Consumer<JwtSvids> event) {
		this.svids.forgetRefusals();
		this.asked.clear();
		this.reason = reason;
		assertRefused(BANK, reason + " 1");
		event.accept(this.svids);
		assertRefused(BANK, reason + (ends ? " 2" : " 1"));
	}

	@Test
	void interruptIsNone() {
		this.reason = FailureReason.UNREACHABLE;
		Thread.currentThread().interrupt();
		try {
			assertRefused(BANK, "UNREACHABLE 1");
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
		assertRefused(BANK, "UNREACHABLE 2");
	}

	@Test
	void closedConnectionIsNone() {
		this.reason = FailureReason.CANCELLED;
		assertRefused(BANK, "CANCELLED 1");
		assertRefused(BANK, "CANCELLED 2");
	}

	@Test
	void endOfTheTimeOfACallerIsNone() {
		this.reason = FailureReason.TIMED_OUT;
		this.latency = PATIENCE;
		assertRefused(BANK, "TIMED_OUT 1");
		this.latency = PATIENCE.minusNanos(1);
		assertRefused(BANK, "TIMED_OUT 2");
		assertRefused(BANK, "TIMED_OUT 2");
	}

	@Test
	void whatTheServerWasNotAskedForIsNone() {
		List<Set<String>> asked = new CopyOnWriteArrayList<>();
		JwtSvids svids = svids((audience, deadline, late) -> {
			asked.add(audience);
			throw new SvidUnavailableException("There is no agent SVID at the moment", SpireState.CONTESTED, "None.");
		});
		for (int call = 0; call < 2; call++) {
			assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> svids.get(BANK));
		}
		assertThat(asked).hasSize(2);
	}

	@Test
	void answerThatArrivesLateEndsThem() {
		this.reason = FailureReason.TIMED_OUT;
		assertRefused(BANK, "TIMED_OUT 1");
		assertRefused(BANK, "TIMED_OUT 1");
		Objects.requireNonNull(this.late).accept(issued(BANK));
		assertRefused(BANK, "TIMED_OUT 2");
	}

	/**
	 * As of a crowd whose requests were all under way when the server went down.
	 */
	@Test
	void callsThatFailTogetherCountOnce() {
		this.reason = FailureReason.UNREACHABLE;
		this.crowd = 10;
		assertRefused(BANK, "UNREACHABLE 11");
		this.time.pass(Duration.ofSeconds(1));
		assertRefused(BANK, "UNREACHABLE 12");
	}

	@Test
	void noMoreThanAThousandAreRememberedAndThatOfAllAudiencesAmongThem() {
		this.reason = FailureReason.PERMISSION_DENIED;
		IntStream.range(0, 1001).forEach((i) -> assertRefused(Set.of("audience-" + i), "PERMISSION_DENIED " + (i + 1)));
		assertRefused(Set.of("audience-1000"), "PERMISSION_DENIED 1001");
		assertRefused(Set.of("audience-0"), "PERMISSION_DENIED 1002");
	}

	private JwtSvids svids(TestIssuer.Call call) {
		return new JwtSvids(new TestIssuer(call, TestReach::of, () -> ORDERS), () -> SpireState.RENEWAL_FAILING,
				(message) -> new SvidUnavailableException(message, SpireState.RENEWAL_FAILING, "Wait."),
				this.time.time());
	}

	private void ask(Set<String> audience) {
		this.svids.get(audience);
	}

	private void assertRefused(Set<String> audience, String message) {
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> ask(audience))
			.withMessage(message)
			.satisfies((ex) -> {
				assertThat(ex.state()).isEqualTo(SpireState.RENEWAL_FAILING);
				assertThat(ex.advice()).isEqualTo("Wait.");
			});
	}

	private JwtSvids.Issued issue(Set<String> audience, Deadline deadline, Consumer<JwtSvids.Issued> late) {
		this.late = late;
		this.time.pass(this.latency);
		if (this.crowd > 0) {
			this.time.pass(Duration.ofMillis(1));
			int member = this.crowd--;
			assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> ask(Set.of("crowd-" + member)));
		}
		FailureReason reason = this.reason;
		if (reason != null) {
			throw refused(audience, reason);
		}
		this.asked.add(audience);
		return issued(audience);
	}

	private JwtSvids.Issued issued(Set<String> audience) {
		Instant now = this.time.time().now();
		return new JwtSvids.Issued(
				new JwtSvid(ORDERS.spiffeId(), "token", List.copyOf(audience), now, now.plusSeconds(300), null), ORDERS,
				true);
	}

	private SvidUnavailableException refused(Set<String> audience, FailureReason reason) {
		this.asked.add(audience);
		SvidUnavailableException refused = new SvidUnavailableException(reason + " " + this.asked.size(),
				SpireState.RENEWAL_FAILING, "Wait.");
		refused.initCause(TestFailure.of(reason));
		return refused;
	}

}
