package dev.psat.spiffe.internal;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Quoted}.
 */
class QuotedTests {

	private static final String TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcmRlcnMifQ.c2lnbmF0dXJlIG9mIHRoZSB0b2tlbg";

	@ParameterizedTest
	@CsvSource({ "invalid token: eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcmRlcnMifQ.c2lnbmF0dXJlIG9mIHRoZSB0b2tlbg, true",
			"signature c2lnbmF0dXJlIG9mIHRoZSB0b2tlbg is wrong, true", "signature bmF0dXJlIG9mIHRo... is wrong, true",
			"signature bmF0dXJlIG9mIHR... is wrong, false", "'token lookup failed: eyJhbGciOiJSUzI1NiJ9', true",
			"token lookup failed, false", "'', false" })
	void tokenIsRepeatedByATellingPartOfIt(String text, boolean repeated) {
		assertThat(Quoted.repeats(text, TOKEN)).isEqualTo(repeated);
	}

	@ParameterizedTest
	@CsvSource({ "QQ.QQ.eHl6, true", "QQ.QQ.eHl7, false", "..., false", "'', false" })
	void shortPartIsRepeatedAsAWhole(String token, boolean repeated) {
		assertThat(Quoted.repeats("the signature is eHl6", token)).isEqualTo(repeated);
	}

}
