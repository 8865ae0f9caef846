package dev.psat.spire.server;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.internal.Federation;
import dev.psat.spire.internal.ManualTime;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.VisitException;
import dev.psat.support.HangingLog;
import dev.psat.support.Patience;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FederationKeeper}.
 */
@ExtendWith(OutputCaptureExtension.class)
class FederationKeeperTests {

	private static final TrustDomain PARTNER = TrustDomain.of("partner.org");

	private static final TrustDomain BUYER = TrustDomain.of("buyer.org");

	private static final SvidMint MINT = new SvidMint();

	private static final TrustBundle BUNDLE = bundle(PARTNER, MINT);

	private final ManualTime time = new ManualTime();

	private final Outcomes outcomes = new Outcomes();

	private final List<String> told = new CopyOnWriteArrayList<>();

	private final List<TrustDomain> asked = new CopyOnWriteArrayList<>();

	private final Map<TrustDomain, Object> answers = new HashMap<>(Map.of(PARTNER, BUNDLE, BUYER, bundle(BUYER, MINT)));

	private List<Federation.Domain> published = List.of();

	private final FederationKeeper keeper = new FederationKeeper(List.of(PARTNER, BUYER), this.time.time(),
			this.outcomes, (federation) -> this.published = federation.domains());

	@BeforeEach
	void observe() {
		this.outcomes.add(new SpireObserver() {

			@Override
			public void refreshed(TrustDomain trustDomain, String outcome) {
				FederationKeeperTests.this.told.add(trustDomain + " " + outcome);
			}

		});
	}

	@Test
	void nothingIsKnownAndNobodyIsAskedForBeforeTheEntryIsSeen() {
		this.keeper.refresh(this::answer);
		assertThat(this.asked).isEmpty();
		assertThat(this.published).extracting(Federation.Domain::trustDomain).containsExactly(PARTNER, BUYER);
		assertThat(this.published).allSatisfy((domain) -> {
			assertThat(domain.state()).isEqualTo(FederationState.UNKNOWN);
			assertThat(domain.bundle()).isNull();
			assertThat(domain.refreshedAt()).isNull();
		});
	}

	@Test
	void authorityThatIsLeftOutIsToldOnceAndEndsNoTrustButItsOwn(CapturedOutput output) {
		this.answers.put(PARTNER, MINT.bundleWithCostlyAuthority(PARTNER));
		visit("partner.org");
		visit("partner.org");
		assertThat(of(PARTNER).bundle()).isEqualTo(MINT.bundleOf(PARTNER));
		assertThat(linesWith(output, "has more than 64 name constraints")).singleElement()
			.asString()
			.contains("WARN", "Authorities in the trust bundle of partner.org are left out, and vouch for nobody");
	}

	@Test
	void trustsWhatIsConfiguredAndFederatesAndHasABundle(CapturedOutput output) {
		visit("partner.org", "unlisted.org");
		assertThat(this.asked).containsExactly(PARTNER);
		assertThat(of(PARTNER).bundle()).isSameAs(BUNDLE);
		assertThat(of(PARTNER).refreshedAt()).isEqualTo(ManualTime.START);
		assertThat(of(BUYER).state()).isEqualTo(FederationState.NOT_FEDERATED);
		assertThat(of(BUYER).bundle()).isNull();
		assertThat(this.told).containsExactly("partner.org success");
		visit("partner.org", "unlisted.org");
		assertThat(linesWith(output, "Trusting workloads of partner.org")).singleElement().asString().contains("INFO");
		assertThat(linesWith(output, "Not trusting workloads of buyer.org")).singleElement()
			.asString()
			.contains("WARN", "does not federate with 'buyer.org'",
					"spire-server entry update -entryID entry -federatesWith spiffe://buyer.org");
		assertThat(linesWith(output, "unlisted.org")).singleElement()
			.asString()
			.contains("INFO", "'spire.federates-with' does not list them");
	}

	@Test
	void whatAStrangerWroteIntoAnEntryIsNotShown(CapturedOutput output) {
		TestEntry entry = new TestEntry().id("entry");
		IntStream.range(0, 300).forEach((i) -> entry.federatesWith("domain-%d.example".formatted(i)));
		this.keeper.learn(entry.build());
		assertThat(output).contains("domain-9.example and 290 more]").doesNotContain("domain-10.");
	}

	@Test
	void trustEndsWithTheFederationOfTheEntryAndComesBack(CapturedOutput output) {
		visit("partner.org");
		visit();
		assertThat(this.asked).containsExactly(PARTNER);
		assertThat(of(PARTNER).state()).isEqualTo(FederationState.NOT_FEDERATED);
		assertThat(of(PARTNER).bundle()).isNull();
		visit("partner.org");
		assertThat(of(PARTNER).bundle()).isSameAs(BUNDLE);
		assertThat(of(PARTNER).generation()).isEqualTo(3);
		assertThat(linesWith(output, "No longer trusting workloads of partner.org")).hasSize(1);
		assertThat(linesWith(output, "Trusting workloads of partner.org")).hasSize(2);
	}

	@Test
	void changeOfWhatTheEntryFederatesWithIsNoticed() {
		assertThat(learn("partner.org")).isTrue();
		assertThat(learn("partner.org")).isFalse();
		assertThat(learn()).isTrue();
		assertThat(learn("partner.org", "buyer.org")).isTrue();
		assertThat(learn("buyer.org", "partner.org")).isFalse();
	}

	@Test
	void whatTheEntryWasLastSeenToFederateWithCountsWhileItIsNotListed() {
		visit("partner.org");
		this.keeper.refresh(this::answer);
		assertThat(this.asked).containsExactly(PARTNER, PARTNER);
		learn();
		this.keeper.refresh(this::answer);
		assertThat(this.asked).hasSize(2);
		assertThat(of(PARTNER).bundle()).isNull();
	}

	@Test
	void trustEndsIfTheServerHasNoBundle(CapturedOutput output) {
		visit("partner.org");
		this.answers.put(PARTNER, FailureReason.TRUST_BUNDLE_NOT_FOUND);
		visit("partner.org");
		visit("partner.org");
		assertThat(of(PARTNER).state()).isEqualTo(FederationState.NO_BUNDLE);
		assertThat(of(PARTNER).bundle()).isNull();
		assertThat(of(PARTNER).lastError()).isNull();
		assertThat(linesWith(output, "No longer trusting workloads of partner.org")).singleElement()
			.asString()
			.contains("WARN", "has no trust bundle of 'partner.org'", "bundle set -id spiffe://partner.org");
		assertThat(this.told).endsWith("partner.org trust-bundle-not-found");
	}

	@Test
	void trustEndsWithAnEmptyBundleButNotIfOneKindOfAuthorityIsGone() {
		JwtAuthority jwt = new JwtAuthority("kid", KeyType.EC_P256.generate().getPublic(), null, false);
		this.answers.put(PARTNER, TrustBundle.of(PARTNER, List.of(), List.of(jwt), 0L, null));
		visit("partner.org");
		assertThat(of(PARTNER).state()).isEqualTo(FederationState.TRUSTED);
		this.answers.put(PARTNER, TrustBundle.of(PARTNER, List.of(), List.of(), 0L, null));
		visit("partner.org");
		assertThat(of(PARTNER).state()).isEqualTo(FederationState.EMPTY);
		assertThat(of(PARTNER).bundle()).isNull();
		assertThat(of(PARTNER).absence()).contains("revoked everything");
	}

	@Test
	void lastAnswerWinsWhateverItsSequenceNumber() {
		for (long number : new long[] { 7, 3, 0, -1 }) {
			TrustBundle answer = TrustBundle.of(PARTNER, BUNDLE.x509Authorities(), List.of(), number, null);
			this.answers.put(PARTNER, answer);
			visit("partner.org");
			assertThat(of(PARTNER).bundle()).isSameAs(answer);
			assertThat(of(PARTNER).generation()).isEqualTo(1);
		}
	}

	@Test
	void orderOfAuthoritiesIsNoChangeButAnotherAuthorityIs() {
		List<JwtAuthority> keys = IntStream.range(0, 3)
			.mapToObj((i) -> new JwtAuthority("k" + i, KeyType.EC_P256.generate().getPublic(), null, false))
			.toList();
		this.answers.put(PARTNER, TrustBundle.of(PARTNER, BUNDLE.x509Authorities(), keys, 0L, null));
		visit("partner.org");
		this.answers.put(PARTNER, TrustBundle.of(PARTNER, BUNDLE.x509Authorities(),
				List.of(keys.get(2), keys.get(0), keys.get(1)), 0L, null));
		visit("partner.org");
		assertThat(of(PARTNER).generation()).isEqualTo(1);
		this.answers.put(PARTNER, TrustBundle.of(PARTNER, BUNDLE.x509Authorities(), keys.subList(0, 2), 0L, null));
		visit("partner.org");
		assertThat(of(PARTNER).generation()).isEqualTo(2);
		this.answers.put(PARTNER, bundle(PARTNER, new SvidMint()));
		visit("partner.org");
		assertThat(of(PARTNER).generation()).isEqualTo(3);
	}

	@ParameterizedTest
	@EnumSource(value = FailureReason.class, mode = Mode.EXCLUDE, names = "TRUST_BUNDLE_NOT_FOUND")
	void noOtherFailureEndsTrust(FailureReason reason) {
		visit("partner.org");
		this.time.pass(Duration.ofMinutes(1));
		this.answers.put(PARTNER, reason);
		visit("partner.org");
		assertThat(of(PARTNER).bundle()).isSameAs(BUNDLE);
		assertThat(of(PARTNER).refreshedAt()).isEqualTo(ManualTime.START);
	}

	@Test
	void failureIsShownAndToldOnceUntilThereIsAnAnswer(CapturedOutput output) {
		this.answers.put(PARTNER, FailureReason.DATASTORE_FAILED);
		visit("partner.org");
		visit("partner.org");
		assertThat(of(PARTNER).state()).isEqualTo(FederationState.UNKNOWN);
		assertThat(of(PARTNER).lastError()).isNotNull()
			.satisfies((error) -> assertThat(error.reason()).isEqualTo("DATASTORE_FAILED"));
		assertThat(of(PARTNER).absence())
			.contains("The trust bundle of 'partner.org' has not been provided: on purpose");
		assertThat(linesWith(output, "could not be refreshed")).singleElement().asString().contains("WARN");
		this.answers.put(PARTNER, BUNDLE);
		visit("partner.org");
		assertThat(of(PARTNER).lastError()).isNull();
	}

	@ParameterizedTest
	@EnumSource(value = FailureReason.class, names = { "UNREACHABLE", "HANDSHAKE_TIMED_OUT" })
	void whoeverKeepsTheVisitWaitingComesLastAtTheNext(FailureReason reason) {
		this.answers.put(PARTNER, reason);
		learn("partner.org", "buyer.org");
		this.keeper.refresh(this::answer);
		assertThat(this.asked).containsExactly(PARTNER);
		this.asked.clear();
		visit("partner.org", "buyer.org");
		assertThat(this.asked).containsExactly(BUYER, PARTNER);
		assertThat(of(BUYER).state()).isEqualTo(FederationState.TRUSTED);
		assertThat(this.published).extracting(Federation.Domain::trustDomain).containsExactly(PARTNER, BUYER);
	}

	@Test
	void whoeverTheServerDoesNotAnswerForHoldsBackNobodyElse() {
		this.answers.put(PARTNER, FailureReason.TIMED_OUT);
		visit("partner.org", "buyer.org");
		assertThat(this.asked).containsExactly(PARTNER, BUYER);
		assertThat(of(BUYER).state()).isEqualTo(FederationState.TRUSTED);
	}

	@Test
	void trustThatAnEarlierVisitHasConfirmedIsForgotten() {
		visit("partner.org");
		this.keeper.begin();
		learn("partner.org");
		this.keeper.forgetUnconfirmed();
		assertThat(of(PARTNER).bundle()).isNull();
	}

	@ParameterizedTest
	@EnumSource(value = FailureReason.class,
			names = { "CANCELLED", "AGENT_BANNED", "AGENT_NOT_ACTIVE", "AGENT_EXPIRED" })
	void withoutAnAgentTheRestIsNotAskedForAndNothingIsTold(FailureReason reason, CapturedOutput output) {
		this.answers.put(PARTNER, reason);
		visit("partner.org", "buyer.org");
		assertThat(this.asked).containsExactly(PARTNER);
		assertThat(of(PARTNER).lastError()).isNull();
		assertThat(this.told.isEmpty()).isEqualTo(reason == FailureReason.CANCELLED);
		assertThat(output).doesNotContain("refreshed");
	}

	@Test
	void errorIsNoneOfTheVisitAndKeepsTrust(CapturedOutput output) {
		visit("partner.org", "buyer.org");
		this.answers.put(PARTNER, new StackOverflowError("on purpose"));
		visit("partner.org", "buyer.org");
		assertThat(of(PARTNER).bundle()).isSameAs(BUNDLE);
		assertThat(of(PARTNER).lastError()).isNotNull()
			.satisfies((error) -> assertThat(error.reason()).isEqualTo("UNEXPECTED"));
		assertThat(this.asked).endsWith(PARTNER, BUYER);
		assertThat(this.told).contains("partner.org unexpected");
		assertThat(output).contains("StackOverflowError");
	}

	@Test
	void isOverdueAfterTenMinutesWithoutAnAnswer() {
		visit("partner.org");
		this.answers.put(PARTNER, FailureReason.AGENT_NOT_ACTIVE);
		this.time.pass(Duration.ofMinutes(10).minusNanos(1));
		visit("partner.org");
		assertThat(this.keeper.isOverdue()).isFalse();
		this.time.pass(Duration.ofNanos(1));
		assertThat(this.keeper.isOverdue()).isTrue();
		this.answers.put(PARTNER, FailureReason.TRUST_BUNDLE_NOT_FOUND);
		visit("partner.org");
		assertThat(this.keeper.isOverdue()).isFalse();
	}

	@Test
	void isOverdueIfThereHasNeverBeenAnAnswer() {
		this.answers.put(PARTNER, FailureReason.UNIMPLEMENTED);
		visit("partner.org");
		assertThat(this.keeper.isOverdue()).isFalse();
		this.time.pass(Duration.ofMinutes(10));
		visit("partner.org");
		assertThat(this.keeper.isOverdue()).isTrue();
	}

	@Test
	void whatTheEntryDoesNotFederateWithIsNeverOverdue() {
		visit("partner.org");
		visit();
		this.time.pass(Duration.ofHours(1));
		assertThat(this.keeper.isOverdue()).isFalse();
	}

	@Test
	void slowAnswersDoNotAddUp() {
		Slow slow = new Slow(50);
		assertThat(slow.timeOf(slow::visit)).isLessThan(Duration.ofSeconds(13));
	}

	@Test
	void whoeverWasNotAskedForLackOfTimeComesFirstNextTime() {
		Slow slow = new Slow(50);
		for (int visit = 0; visit < 13; visit++) {
			slow.visit();
		}
		assertThat(slow.asked).hasSize(52);
		assertThat(slow.asked.subList(0, 50)).doesNotHaveDuplicates();
		assertThat(slow.asked.subList(50, 52)).isEqualTo(slow.asked.subList(0, 2));
	}

	@Test
	void failureThatComesAndGoesIsToldOnce(CapturedOutput output) {
		for (int visit = 0; visit < 10; visit++) {
			this.answers.put(PARTNER, FailureReason.DATASTORE_FAILED);
			visit("partner.org");
			this.answers.put(PARTNER, FailureReason.SERVER_ERROR);
			visit("partner.org");
			this.answers.put(PARTNER, BUNDLE);
			visit("partner.org");
			assertThat(of(PARTNER).lastError()).isNull();
		}
		assertThat(linesWith(output, "could not be refreshed")).hasSize(2);
		visit("partner.org");
		this.answers.put(PARTNER, FailureReason.DATASTORE_FAILED);
		visit("partner.org");
		assertThat(linesWith(output, "could not be refreshed")).hasSize(3);
	}

	@Test
	void orderOfWhatTheEntryFederatesWithIsNoNews(CapturedOutput output) {
		for (int visit = 0; visit < 3; visit++) {
			visit("third.org", "fourth.org");
			visit("fourth.org", "third.org");
		}
		assertThat(linesWith(output, "third.org")).hasSize(1);
	}

	@Test
	void trustEndsBeforeAnythingIsLogged() {
		visit("partner.org", "buyer.org");
		whileTheLogHangs(() -> visit("unlisted.org"), () -> {
			assertThat(of(PARTNER).bundle()).isNull();
			assertThat(of(BUYER).bundle()).isNull();
		});
	}

	@Test
	void answersArePublishedBeforeAnythingIsLogged() {
		this.answers.put(PARTNER, FailureReason.DATASTORE_FAILED);
		learn("partner.org", "buyer.org");
		whileTheLogHangs(() -> this.keeper.refresh(this::answer), () -> {
			assertThat(of(PARTNER).lastError()).isNotNull();
			assertThat(of(BUYER).bundle()).isNotNull();
		});
	}

	@Test
	void nothingIsLoggedBetweenTheEndOfTrustAndTheNextSvid(CapturedOutput output) {
		visit("partner.org");
		this.answers.put(PARTNER, FailureReason.UNREACHABLE);
		visit("partner.org");
		this.keeper.forgetUnconfirmed();
		assertThat(of(PARTNER).bundle()).isNull();
		assertThat(output).doesNotContain("No longer trusting");
		this.keeper.refresh(this::answer);
		assertThat(output).containsOnlyOnce("No longer trusting workloads of partner.org");
	}

	private static void whileTheLogHangs(Runnable visit, Runnable assertions) {
		CompletableFuture<Void> visiting;
		try (HangingLog log = new HangingLog(SpireIdentity.class.getName(), "")) {
			visiting = CompletableFuture.runAsync(visit, (task) -> new Thread(task).start());
			log.awaitHanging();
			assertions.run();
		}
		assertThat(visiting).succeedsWithin(Patience.LIMIT);
	}

	private boolean learn(String... federatesWith) {
		TestEntry entry = new TestEntry().id("entry");
		for (String trustDomain : federatesWith) {
			entry.federatesWith(trustDomain);
		}
		return this.keeper.learn(entry.build());
	}

	private void visit(String... federatesWith) {
		this.keeper.begin();
		learn(federatesWith);
		this.keeper.refresh(this::answer);
	}

	private TrustBundle answer(TrustDomain trustDomain) throws VisitException {
		this.asked.add(trustDomain);
		Object answer = this.answers.get(trustDomain);
		if (answer instanceof FailureReason reason) {
			throw new VisitException(reason, "on purpose", "Mend it.");
		}
		if (answer instanceof Error error) {
			throw error;
		}
		return (TrustBundle) Objects.requireNonNull(answer);
	}

	private Federation.Domain of(TrustDomain trustDomain) {
		return this.published.stream()
			.filter((domain) -> domain.trustDomain().equals(trustDomain))
			.findFirst()
			.orElseThrow();
	}

	private static TrustBundle bundle(TrustDomain trustDomain, SvidMint mint) {
		return TrustBundle.of(trustDomain, List.of(new X509Authority(mint.certificate(), false)), List.of(), 1L, null);
	}

	private static List<String> linesWith(CapturedOutput output, String text) {
		return output.getOut().lines().filter((line) -> line.contains(text)).toList();
	}

	/**
	 * Trust domains of which the server takes 2.9 seconds to answer each.
	 */
	private static final class Slow {

		private final ManualTime time = new ManualTime();

		private final List<TrustDomain> asked = new CopyOnWriteArrayList<>();

		private final List<TrustDomain> domains;

		private final FederationKeeper keeper;

		Slow(int domains) {
			this.domains = IntStream.range(0, domains).mapToObj((i) -> TrustDomain.of("domain-" + i)).toList();
			this.keeper = new FederationKeeper(this.domains, this.time.time(), new Outcomes(), (federation) -> {
			});
		}

		void visit() {
			learn();
			this.keeper.refresh(this::answer);
		}

		void learn() {
			TestEntry entry = new TestEntry().id("entry");
			this.domains.forEach((trustDomain) -> entry.federatesWith(trustDomain.name()));
			this.keeper.learn(entry.build());
		}

		TrustBundle answer(TrustDomain trustDomain) {
			this.asked.add(trustDomain);
			this.time.pass(Duration.ofMillis(2900));
			return bundle(trustDomain, MINT);
		}

		Duration timeOf(Runnable action) {
			long before = this.time.time().nanos();
			action.run();
			return Duration.ofNanos(this.time.time().nanos() - before);
		}

	}

}
