package dev.psat.spire.server;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.client.AuthorizedEntry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EntryPreference}.
 */
class EntryPreferenceTests {

	private static final SpiffeId ORDERS = SpiffeId.parse(TestEntry.ORDERS);

	private static final SpiffeId OTHER = SpiffeId.parse("spiffe://example.org/other");

	private final AuthorizedEntry entry = new TestEntry().hint("internal").build();

	@Test
	void noneIsMetByAnyEntry() {
		assertThat(new EntryPreference(null, null).isMetBy(this.entry)).isTrue();
	}

	@Test
	void forAnIdIsMetByThatId() {
		assertThat(new EntryPreference(ORDERS, null).isMetBy(this.entry)).isTrue();
		assertThat(new EntryPreference(OTHER, null).isMetBy(this.entry)).isFalse();
	}

	@Test
	void forAHintIsMetByThatHint() {
		assertThat(new EntryPreference(null, "internal").isMetBy(this.entry)).isTrue();
		assertThat(new EntryPreference(null, "external").isMetBy(this.entry)).isFalse();
		assertThat(new EntryPreference(null, "internal").isMetBy(new TestEntry().build())).isFalse();
	}

	@Test
	void forBothIsMetByBothAlone() {
		assertThat(new EntryPreference(ORDERS, "internal").isMetBy(this.entry)).isTrue();
		assertThat(new EntryPreference(ORDERS, "external").isMetBy(this.entry)).isFalse();
		assertThat(new EntryPreference(OTHER, "internal").isMetBy(this.entry)).isFalse();
	}

}
