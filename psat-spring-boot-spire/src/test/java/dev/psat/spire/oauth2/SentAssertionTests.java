package dev.psat.spire.oauth2;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SentAssertion}. {@link EchoedAssertionContract} shows how it may be
 * escaped.
 */
class SentAssertionTests {

	private final SentAssertion assertion = new SentAssertion("header.claims.0123456789-abcdefghij_ABCDEFGHIJ");

	@Test
	void sixteenCharactersOfTheSignatureInARowCount() {
		assertThat(this.assertion.isIn("say 0123456789-abcde")).isTrue();
		assertThat(this.assertion.isIn("say j_ABCDEFGHIJabcd")).isFalse();
		assertThat(this.assertion.isIn("say ghij_ABCDEFGHIJ")).isFalse();
		assertThat(this.assertion.isIn("say fghij_ABCDEFGHIJ?")).isTrue();
		assertThat(this.assertion.isIn("header.claims.0123456789-abcd")).isFalse();
	}

	@Test
	void otherTextsDoNot() {
		assertThat(this.assertion.isIn(null)).isFalse();
		assertThat(this.assertion.isIn("")).isFalse();
		assertThat(this.assertion.isIn("100% of the clients are unknown &#8230; \\u00e9 %7F %25")).isFalse();
	}

	@Test
	void anotherBase64IsNoDisguise() {
		assertThat(this.assertion.isIn("0123456789+abcdefghij/ABCDEFGHIJ==")).isTrue();
	}

	@Test
	void tokenWithAShortSignatureIsSearchedAsAWhole() {
		SentAssertion unsigned = new SentAssertion("header.claims.short");
		assertThat(unsigned.isIn("say header.claims.short")).isTrue();
		assertThat(unsigned.isIn("short")).isFalse();
	}

	@Test
	void textThatIsTooLongOrTooDeepToSearchIsNotShown() {
		assertThat(this.assertion.isIn("x".repeat(16_385))).isTrue();
		assertThat(this.assertion.isIn("%" + "25".repeat(20))).isTrue();
	}

}
