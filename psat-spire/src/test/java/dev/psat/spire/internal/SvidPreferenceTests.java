package dev.psat.spire.internal;

import dev.psat.spiffe.SpiffeId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SvidPreference}.
 */
class SvidPreferenceTests {

	private static final SpiffeId ORDERS = SpiffeId.parse("spiffe://example.org/orders");

	private static final SpiffeId OTHER = SpiffeId.parse("spiffe://example.org/other");

	@Test
	void noneIsMetByAnyIdentity() {
		assertThat(new SvidPreference(null, null).isMetBy(ORDERS, "internal")).isTrue();
	}

	@Test
	void forAnIdIsMetByThatId() {
		assertThat(new SvidPreference(ORDERS, null).isMetBy(ORDERS, "internal")).isTrue();
		assertThat(new SvidPreference(OTHER, null).isMetBy(ORDERS, "internal")).isFalse();
	}

	@Test
	void forAHintIsMetByThatHint() {
		assertThat(new SvidPreference(null, "internal").isMetBy(ORDERS, "internal")).isTrue();
		assertThat(new SvidPreference(null, "external").isMetBy(ORDERS, "internal")).isFalse();
		assertThat(new SvidPreference(null, "internal").isMetBy(ORDERS, null)).isFalse();
	}

	@Test
	void forBothIsMetByBothAlone() {
		assertThat(new SvidPreference(ORDERS, "internal").isMetBy(ORDERS, "internal")).isTrue();
		assertThat(new SvidPreference(ORDERS, "external").isMetBy(ORDERS, "internal")).isFalse();
		assertThat(new SvidPreference(OTHER, "internal").isMetBy(ORDERS, "internal")).isFalse();
	}

}
