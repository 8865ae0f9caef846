package dev.psat.spire.http;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Redirects}.
 */
class RedirectsTests {

	@ParameterizedTest
	@ValueSource(strings = { "http://shop/a", "HTTP://shop/a", "http:shop", "ws://shop/a", "ftp://shop/a",
			"shop:8080/a", "http://shop/a b", " https://shop/a", "https://shop/a\tb", "://shop" })
	void otherSchemesAndWhatIsMalformedLeaveHttps(String location) {
		assertThat(Redirects.leaveHttps("https", location)).isTrue();
		assertThat(Redirects.leaveHttps("HTTPS", location)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://shop/a", "HTTPS://shop/a", "//shop/a", "/a", "a", "?a", "#a", "" })
	void httpsAndWhatIsRelativeStays(String location) {
		assertThat(Redirects.leaveHttps("https", location)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://shop/a", "https://shop/a", "/a", "http://shop/a b" })
	void whoIsNotOnHttpsCannotLeaveIt(String location) {
		assertThat(Redirects.leaveHttps("http", location)).isFalse();
	}

}
