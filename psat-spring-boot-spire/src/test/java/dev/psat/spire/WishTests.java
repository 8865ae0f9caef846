package dev.psat.spire;

import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.SpiffeId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Wish}.
 */
class WishTests {

	private static final SpiffeId ORDERS = SpiffeId.parse(TestEntry.ORDERS);

	private static final SpiffeId OTHER = SpiffeId.parse("spiffe://example.org/other");

	private final AuthorizedEntry entry = new TestEntry().hint("internal").build();

	@Test
	void noneIsMetByAnyEntry() {
		assertThat(new Wish(null, null).isMetBy(this.entry)).isTrue();
	}

	@Test
	void forAnIdIsMetByThatId() {
		assertThat(new Wish(ORDERS, null).isMetBy(this.entry)).isTrue();
		assertThat(new Wish(OTHER, null).isMetBy(this.entry)).isFalse();
	}

	@Test
	void forAHintIsMetByThatHint() {
		assertThat(new Wish(null, "internal").isMetBy(this.entry)).isTrue();
		assertThat(new Wish(null, "external").isMetBy(this.entry)).isFalse();
		assertThat(new Wish(null, "internal").isMetBy(new TestEntry().build())).isFalse();
	}

	@Test
	void forBothIsMetByBothAlone() {
		assertThat(new Wish(ORDERS, "internal").isMetBy(this.entry)).isTrue();
		assertThat(new Wish(ORDERS, "external").isMetBy(this.entry)).isFalse();
		assertThat(new Wish(OTHER, "internal").isMetBy(this.entry)).isFalse();
	}

}
