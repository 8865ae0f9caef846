package dev.psat.spire.server;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.internal.ManualTime;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.spire.internal.VisitException;
import dev.psat.token.TokenClaims;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EntryKeeper}.
 */
@ExtendWith(OutputCaptureExtension.class)
class EntryKeeperTests {

	private static final TrustDomain TRUST_DOMAIN = TrustDomain.of("example.org");

	private static final String RETURNS = "spiffe://example.org/returns";

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private final ManualTime time = new ManualTime();

	private final EntryKeeper keeper = new EntryKeeper(TRUST_DOMAIN, new SvidPreference(null, null), this.time.time());

	@Test
	void entryThatIsThereIsNotPolledFor() throws Exception {
		assertThat(choose(new TestEntry())).isEqualTo(new TestEntry().build());
		assertThat(this.keeper.poll()).isNull();
		assertThat(this.keeper.candidates()).isEqualTo(1);
	}

	@Test
	void missingEntryIsPolledForOftenAtFirst() throws Exception {
		assertThat(choose()).isNull();
		assertThat(this.keeper.poll()).isEqualTo(Duration.ofSeconds(1));
		this.time.pass(Duration.ofSeconds(30).minusNanos(1));
		assertThat(this.keeper.poll()).isEqualTo(Duration.ofSeconds(1));
		this.time.pass(Duration.ofNanos(1));
		assertThat(this.keeper.poll()).isEqualTo(Duration.ofSeconds(5));
	}

	@Test
	void entryIsDeclaredMissingAfterThreeMinutes() throws Exception {
		choose();
		this.time.pass(PATIENCE.minusNanos(1));
		assertThat(choose()).isNull();
		this.time.pass(Duration.ofNanos(1));
		assertThatExceptionOfType(VisitException.class).isThrownBy(this::choose)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo("NO_ENTRY"))
			.satisfies((ex) -> assertThat(ex.advice()).contains("'k8s:ns:shop'", "'k8s:sa:orders'"));
	}

	@Test
	void entryThatIsMissedIsNoLongerPolledFor() throws Exception {
		choose();
		this.time.pass(PATIENCE.minusNanos(1));
		assertThat(this.keeper.poll()).isEqualTo(Duration.ofSeconds(5));
		this.time.pass(Duration.ofNanos(1));
		assertThat(this.keeper.poll()).isNull();
	}

	@Test
	void visitThatIsMadeForAMissingEntryIsAPoll() throws Exception {
		assertThat(this.keeper.begin()).isFalse();
		choose();
		assertThat(this.keeper.begin()).isTrue();
		choose(new TestEntry());
		assertThat(this.keeper.begin()).isFalse();
	}

	@Test
	void entryThatNobodyAskedForIsNotMissing() throws Exception {
		this.keeper.begin();
		choose();
		this.time.pass(PATIENCE.minusSeconds(1));
		this.keeper.begin();
		assertThat(this.keeper.poll()).isNull();
		assertThat(this.keeper.begin()).isFalse();
		this.time.pass(PATIENCE);
		assertThat(choose()).isNull();
		assertThat(this.keeper.poll()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void entryThatComesBackStartsThePatienceAnew() throws Exception {
		choose();
		this.time.pass(PATIENCE);
		choose(new TestEntry());
		assertThat(choose()).isNull();
		assertThat(this.keeper.poll()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void patienceBeginsAnewAfterAStop() throws Exception {
		choose();
		this.time.pass(PATIENCE);
		this.keeper.forget();
		assertThat(this.keeper.poll()).isNull();
		assertThat(choose()).isNull();
		assertThat(this.keeper.poll()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void idThatNoEntryHasIsNamedBesideWhatCouldBeHad() {
		assertThat(missing(new SvidPreference(SpiffeId.parse(RETURNS), null), new TestEntry()))
			.hasMessageContainingAll("'spire.svid.spiffe-id=%s'".formatted(RETURNS), TestEntry.ORDERS)
			.satisfies((ex) -> assertThat(ex.advice()).contains("'spire.svid.spiffe-id'").doesNotContain("hint"));
	}

	@Test
	void hintThatNoEntryHasIsNamedBesideWhatCouldBeHad() {
		assertThat(missing(new SvidPreference(null, "internal"), new TestEntry().hint("external")))
			.hasMessageContainingAll("'spire.svid.hint=internal'", TestEntry.ORDERS)
			.satisfies((ex) -> assertThat(ex.advice()).contains("'spire.svid.hint'").doesNotContain("spiffe-id"));
	}

	@Test
	void idAndHintThatNoEntryHasTogetherAreBothNamed() {
		assertThat(missing(new SvidPreference(SpiffeId.parse(TestEntry.ORDERS), "internal"), new TestEntry()))
			.hasMessageContainingAll("'spire.svid.spiffe-id=%s'".formatted(TestEntry.ORDERS),
					"'spire.svid.hint=internal'")
			.satisfies((ex) -> assertThat(ex.advice()).contains("'spire.svid.spiffe-id'", "'spire.svid.hint'"));
	}

	@Test
	void entriesThatArePassedOverAreCounted() {
		assertThat(missing(new SvidPreference(null, null), new TestEntry().selector("k8s", "sa:order"),
				new TestEntry().admin()))
			.hasMessageContaining("2 were passed over")
			.satisfies((ex) -> assertThat(ex.advice()).contains("'k8s:ns:shop'", "'k8s:sa:orders'", "admin")
				.doesNotContain("Create"));
	}

	private VisitException missing(SvidPreference preference, TestEntry... entries) {
		EntryKeeper keeper = new EntryKeeper(TRUST_DOMAIN, preference, this.time.time());
		List<AuthorizedEntry> authorized = Arrays.stream(entries).map(TestEntry::build).toList();
		AtomicReference<VisitException> missing = new AtomicReference<>();
		assertThatExceptionOfType(VisitException.class).isThrownBy(() -> {
			keeper.choose(authorized, TestClaims.POD, null);
			this.time.pass(PATIENCE);
			keeper.choose(authorized, TestClaims.POD, null);
		}).satisfies(missing::set);
		assertThat(missing.get().reason()).isEqualTo("NO_ENTRY");
		return missing.get();
	}

	@Test
	void adviceForATokenThatNamesNothingHoldsPlacesToFillIn() throws Exception {
		this.keeper.choose(List.of(), TokenClaims.NONE, null);
		this.time.pass(PATIENCE);
		assertThatExceptionOfType(VisitException.class)
			.isThrownBy(() -> this.keeper.choose(List.of(), TokenClaims.NONE, null))
			.satisfies((ex) -> assertThat(ex.advice()).contains("k8s:ns:<namespace>").doesNotContain("null"));
	}

	@Test
	void severalIdsAreAnErrorAtOnceThatListsThem() {
		assertThatExceptionOfType(VisitException.class)
			.isThrownBy(() -> choose(new TestEntry(), new TestEntry().spiffeId(RETURNS)))
			.withMessageContainingAll(TestEntry.ORDERS, RETURNS)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo("AMBIGUOUS_ENTRY"))
			.satisfies((ex) -> assertThat(ex.advice()).contains("'spire.svid.spiffe-id'"));
		assertThat(this.keeper.candidates()).isEqualTo(2);
		assertThat(this.keeper.poll()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void idInForceStaysAmongSeveralAndThatIsToldOnce(CapturedOutput output) throws Exception {
		for (int i = 0; i < 3; i++) {
			AuthorizedEntry entry = chooseWith(new TestEntry().id("b").spiffeId(RETURNS), new TestEntry(),
					new TestEntry().id("b").spiffeId(RETURNS));
			assertThat(entry).extracting(AuthorizedEntry::id).isEqualTo("b");
			assertThat(this.keeper.poll()).isNull();
		}
		assertThat(linesWith(output, RETURNS + " remains the identity")).singleElement()
			.asString()
			.contains("WARN", "'spire.svid.spiffe-id'");
	}

	@Test
	void numberOfIdentitiesIsWarnedOfOnceHoweverItFlickers(CapturedOutput output) throws Exception {
		EntryKeeper keeper = new EntryKeeper(TRUST_DOMAIN, new SvidPreference(SpiffeId.parse(RETURNS), null),
				this.time.time());
		AuthorizedEntry wanted = new TestEntry().spiffeId(RETURNS).build();
		for (int i = 0; i < 3; i++) {
			keeper.choose(List.of(wanted, new TestEntry().build()), TestClaims.POD, null);
			keeper.choose(List.of(wanted), TestClaims.POD, null);
		}
		assertThat(linesWith(output, "This pod can obtain 2 identities")).singleElement()
			.asString()
			.contains("WARN", TestEntry.ORDERS, RETURNS);
		assertThat(linesWith(output, "remains the identity")).isEmpty();
	}

	@Test
	void listOfIdsIsCut(CapturedOutput output) {
		TestEntry[] entries = IntStream.range(100, 600)
			.mapToObj((i) -> new TestEntry().id("e" + i).spiffeId("spiffe://example.org/" + i))
			.toArray(TestEntry[]::new);
		assertThatExceptionOfType(VisitException.class).isThrownBy(() -> choose(entries))
			.withMessageEndingWith("spiffe://example.org/109 and 490 more]");
		assertThat(output).contains("500 identities: [", "spiffe://example.org/109 and 490 more]")
			.doesNotContain("spiffe://example.org/110");
	}

	@Test
	void anotherEntryDoesNotReplaceTheOneInForceThatIsMissing(CapturedOutput output) throws Exception {
		TestEntry orders = new TestEntry().id("orders");
		TestEntry returns = new TestEntry().id("returns").spiffeId(RETURNS);
		assertThat(chooseWith(orders, returns)).isNull();
		assertThat(this.keeper.poll()).isEqualTo(Duration.ofSeconds(1));
		this.time.pass(PATIENCE.minusNanos(1));
		assertThat(chooseWith(orders, returns)).isNull();
		assertThat(chooseWith(orders, returns, orders)).isEqualTo(orders.build());
		assertThat(this.keeper.poll()).isNull();
		this.time.pass(PATIENCE);
		assertThat(chooseWith(orders, returns)).isNull();
		assertThat(linesWith(output, "is no longer authorized")).isEmpty();
	}

	@Test
	void severalOtherEntriesAreNoErrorBeforeTheOneInForceIsMissed() throws Exception {
		TestEntry orders = new TestEntry().id("orders");
		TestEntry[] others = { new TestEntry().id("returns").spiffeId(RETURNS),
				new TestEntry().id("bank").spiffeId("spiffe://example.org/bank") };
		assertThat(chooseWith(orders, others)).isNull();
		this.time.pass(PATIENCE);
		assertThatExceptionOfType(VisitException.class).isThrownBy(() -> chooseWith(orders, others))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo("AMBIGUOUS_ENTRY"));
	}

	@Test
	void entryInForceThatIsGoneForGoodIsReplacedByTheOnlyOneLeftAndThatIsToldOnce(CapturedOutput output)
			throws Exception {
		TestEntry orders = new TestEntry().id("orders");
		TestEntry returns = new TestEntry().id("returns").spiffeId(RETURNS);
		chooseWith(orders, returns);
		this.time.pass(PATIENCE);
		for (int i = 0; i < 3; i++) {
			// until its SVID was obtained
			assertThat(chooseWith(orders, returns)).isEqualTo(returns.build());
		}
		assertThat(chooseWith(returns, returns)).isEqualTo(returns.build());
		assertThat(this.keeper.poll()).isNull();
		assertThat(linesWith(output, "is no longer authorized")).singleElement()
			.asString()
			.contains("WARN", TestEntry.ORDERS, RETURNS);
	}

	@Test
	void entryInForceThatWasGivenAnotherIdIsTakenAtOnce() throws Exception {
		TestEntry returns = new TestEntry().spiffeId(RETURNS);
		assertThat(chooseWith(new TestEntry(), returns)).isEqualTo(returns.build());
	}

	private @Nullable AuthorizedEntry choose(TestEntry... entries) throws VisitException {
		return chooseWith(null, entries);
	}

	private @Nullable AuthorizedEntry chooseWith(@Nullable TestEntry inForce, TestEntry... entries)
			throws VisitException {
		List<AuthorizedEntry> built = Arrays.stream(entries).map(TestEntry::build).toList();
		return this.keeper.choose(built, TestClaims.POD, (inForce != null) ? inForce.build() : null);
	}

	private static List<String> linesWith(CapturedOutput output, String text) {
		return output.getOut().lines().filter((line) -> line.contains(text)).toList();
	}

}
