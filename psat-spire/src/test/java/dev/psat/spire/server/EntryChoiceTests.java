package dev.psat.spire.server;

import java.util.Arrays;
import java.util.List;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.internal.ManualTime;
import dev.psat.spire.internal.SvidPreference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EntryChoice}.
 */
class EntryChoiceTests {

	private static final String ORDERS = TestEntry.ORDERS;

	private static final String RETURNS = "spiffe://example.org/returns";

	private static final SvidPreference ANY = new SvidPreference(null, null);

	private static final EntryChoice.CandidateFilter FILTER = new EntryChoice.CandidateFilter(
			TrustDomain.of("example.org"), TestClaims.POD);

	@Test
	void onlyCandidateIsTaken() {
		EntryChoice choice = choose(ANY, null, new TestEntry().id("a"),
				new TestEntry().id("b").spiffeId(RETURNS).admin());
		assertThat(choice.entry()).extracting(AuthorizedEntry::id).isEqualTo("a");
		assertThat(choice.candidates()).containsExactly(ORDERS);
		assertThat(choice.isAmbiguous()).isFalse();
	}

	@Test
	void noCandidateIsNoChoice() {
		EntryChoice choice = choose(ANY, null, new TestEntry().selector("k8s", "ns:bank"));
		assertThat(choice.entry()).isNull();
		assertThat(choice.candidates()).isEmpty();
		assertThat(choice.isAmbiguous()).isFalse();
	}

	@Test
	void severalIdsAreAmbiguous() {
		EntryChoice choice = choose(ANY, null, new TestEntry().spiffeId(RETURNS), new TestEntry());
		assertThat(choice.entry()).isNull();
		assertThat(choice.wanted()).containsExactly(ORDERS, RETURNS);
		assertThat(choice.isAmbiguous()).isTrue();
	}

	@Test
	void idDecidesBetweenSeveral() {
		EntryChoice choice = choose(new SvidPreference(SpiffeId.parse(RETURNS), null), null, new TestEntry(),
				new TestEntry().id("b").spiffeId(RETURNS));
		assertThat(choice.entry()).extracting(AuthorizedEntry::id).isEqualTo("b");
		assertThat(choice.candidates()).containsExactly(ORDERS, RETURNS);
		assertThat(choice.wanted()).containsExactly(RETURNS);
	}

	@Test
	void hintDecidesBetweenSeveral() {
		EntryChoice choice = choose(new SvidPreference(null, "external"), null, new TestEntry().hint("internal"),
				new TestEntry().id("b").spiffeId(RETURNS).hint("external"));
		assertThat(choice.entry()).extracting(AuthorizedEntry::id).isEqualTo("b");
	}

	@Test
	void oldestOfEntriesWithOneHintIsTakenWhateverTheirIds() {
		EntryChoice choice = choose(new SvidPreference(null, "external"), null,
				new TestEntry().id("a").hint("external").createdAt(ManualTime.START.plusSeconds(1)),
				new TestEntry().id("b").spiffeId(RETURNS).hint("external"));
		assertThat(choice.entry()).extracting(AuthorizedEntry::id).isEqualTo("b");
		assertThat(choice.isAmbiguous()).isFalse();
	}

	@Test
	void idInForceStaysAmongThoseWithOneHint() {
		EntryChoice choice = choose(new SvidPreference(null, "external"), new TestEntry().hint("external"),
				new TestEntry().hint("external").createdAt(ManualTime.START.plusSeconds(1)),
				new TestEntry().id("b").spiffeId(RETURNS).hint("external"));
		assertThat(choice.entry()).extracting(AuthorizedEntry::spiffeId).hasToString(ORDERS);
	}

	@Test
	void preferenceThatNoCandidateMeetsLeavesNone() {
		EntryChoice choice = choose(new SvidPreference(SpiffeId.parse(RETURNS), null), null, new TestEntry());
		assertThat(choice.entry()).isNull();
		assertThat(choice.candidates()).containsExactly(ORDERS);
		assertThat(choice.wanted()).isEmpty();
	}

	@Test
	void preferenceDoesNotMakeACandidate() {
		EntryChoice choice = choose(new SvidPreference(SpiffeId.parse(RETURNS), null), null,
				new TestEntry().spiffeId(RETURNS).downstream());
		assertThat(choice.entry()).isNull();
	}

	@Test
	void oldestOfEntriesWithOneIdIsTaken() {
		EntryChoice choice = choose(ANY, null, new TestEntry().id("a").createdAt(ManualTime.START.plusSeconds(1)),
				new TestEntry().id("c").createdAt(ManualTime.START),
				new TestEntry().id("b").createdAt(ManualTime.START));
		assertThat(choice.entry()).extracting(AuthorizedEntry::id).isEqualTo("b");
		assertThat(choice.isAmbiguous()).isFalse();
	}

	@Test
	void idInForceStaysAmongSeveral() {
		TestEntry[] entries = { new TestEntry(), new TestEntry().id("b").spiffeId(RETURNS) };
		EntryChoice choice = choose(ANY, new TestEntry().id("c").spiffeId(RETURNS), entries);
		assertThat(choice.entry()).extracting(AuthorizedEntry::id).isEqualTo("b");
		assertThat(choice.isAmbiguous()).isTrue();
		assertThat(choice.lacksInForce()).isFalse();
	}

	@Test
	void nothingInForceIsNotLacking() {
		assertThat(choose(ANY, null).lacksInForce()).isFalse();
	}

	@Test
	void entryInForceThatIsNotInTheAnswerIsLackingWhateverElseIsThere() {
		TestEntry inForce = new TestEntry().id("orders");
		assertThat(choose(ANY, inForce).lacksInForce()).isTrue();
		EntryChoice other = choose(ANY, inForce, new TestEntry().id("b").spiffeId(RETURNS));
		assertThat(other.lacksInForce()).isTrue();
		assertThat(other.entry()).extracting(AuthorizedEntry::id).isEqualTo("b");
		EntryChoice several = choose(ANY, inForce, new TestEntry().id("b").spiffeId(RETURNS),
				new TestEntry().id("c").spiffeId("spiffe://example.org/bank"));
		assertThat(several.lacksInForce()).isTrue();
		assertThat(several.entry()).isNull();
	}

	@Test
	void entryThatIsNoCandidateIsNoSubstituteForTheOneInForce() {
		EntryChoice choice = choose(ANY, new TestEntry().id("orders"), new TestEntry().id("b").storeSvid(),
				new TestEntry().id("c").spiffeId(RETURNS));
		assertThat(choice.lacksInForce()).isTrue();
	}

	@Test
	void entryInForceThatWasGivenAnotherIdIsTaken() {
		EntryChoice choice = choose(ANY, new TestEntry(), new TestEntry().spiffeId(RETURNS));
		assertThat(choice.lacksInForce()).isFalse();
		assertThat(choice.entry()).extracting(AuthorizedEntry::spiffeId).hasToString(RETURNS);
	}

	@Test
	void idInForceThatIsNoLongerWantedGivesWay() {
		EntryChoice choice = choose(new SvidPreference(null, "external"), new TestEntry(),
				new TestEntry().hint("internal"), new TestEntry().id("b").spiffeId(RETURNS).hint("external"));
		assertThat(choice.entry()).extracting(AuthorizedEntry::id).isEqualTo("b");
		assertThat(choice.lacksInForce()).isFalse();
	}

	private static EntryChoice choose(SvidPreference preference, @Nullable TestEntry inForce, TestEntry... entries) {
		List<AuthorizedEntry> built = Arrays.stream(entries).map(TestEntry::build).toList();
		return EntryChoice.of(built, FILTER, preference, (inForce != null) ? inForce.build() : null);
	}

}
