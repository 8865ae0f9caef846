package dev.psat.spire.tls.internal;

import dev.psat.spiffe.SpiffeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SpiffeIdPattern}.
 */
class SpiffeIdPatternTests {

	@ParameterizedTest
	@CsvSource({ "/orders, /orders", "/ns/shop/*, /ns/shop/orders", "/ns/shop/*, /ns/shop/sa/orders/blue",
			"/ns/shop/*, /ns/shop/spire/agent", "/Orders, /Orders", "/spirea/*, /spirea/orders", "/x/*, /x/..." })
	void matches(String pattern, String path) {
		assertThat(pattern(pattern).matches(id(path))).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "/orders, /bank", "/orders, /Orders", "/orders, /orders/blue", "/orders, /order",
			"/ns/shop/*, /ns/shop", "/ns/shop/*, /ns/shop2", "/ns/shop/*, /ns/shop2/orders", "/ns/shop/*, /ns/sho",
			"/ns/shop/*, /ns/Shop/orders", "/ns/shop/*, /ns", "/ns/shop/*, /spire/agent/ns/shop/orders",
			"/spirea/*, /spire/agent", "/s/*, /spire/server", "/orders, ''", "/ns/shop/*, ''" })
	void doesNotMatch(String pattern, String path) {
		assertThat(pattern(pattern).matches(id(path))).isFalse();
	}

	@Test
	void doesNotMatchAnotherTrustDomain() {
		SpiffeIdPattern below = SpiffeIdPattern.parse("spiffe://example.org/ns/*");
		SpiffeIdPattern exact = SpiffeIdPattern.parse("spiffe://example.org/ns/orders");
		for (String foreign : new String[] { "spiffe://example.com/ns/orders", "spiffe://example.org.evil/ns/orders",
				"spiffe://a.example.org/ns/orders" }) {
			assertThat(below.matches(SpiffeId.parse(foreign))).isFalse();
			assertThat(exact.matches(SpiffeId.parse(foreign))).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "spiffe://example.org/*/orders", "spiffe://example.org/ns/*/orders",
			"spiffe://example.org/orders*", "spiffe://example.org/ns/**", "spiffe://example.org/ns/*/*",
			"spiffe://example.org/**", "spiffe://example.org/*/*", "spiffe://example.org/ns//*",
			"spiffe://example.org/ns/./*", "spiffe://example.org/ns/../*", "spiffe://example.org/ns/?",
			"spiffe://example.org/ns/orders/", "spiffe://example.org/", "spiffe://example.org//*", "spiffe://*/orders",
			"spiffe://*/*", "spiffe://*.org/orders", "*", "/*", "", " ", "orders", "/orders", "example.org/orders",
			"https://example.org/orders", "SPIFFE://example.org/orders", "spiffe://Example.org/orders",
			" spiffe://example.org/orders", "spiffe://example.org/orders ", "spiffe://example.org/ns /*",
			"spiffe://example.org/ns/* ", "spiffe://example.org/ns/\u002a\n", "spiffe://example.org/ns\r/*",
			"spiffe://example.org/%73pire/agent", "spiffe://example.org/\u017fpire/agent" })
	void refusesWhatIsMalformed(String pattern) {
		assertThatIllegalArgumentException().isThrownBy(() -> SpiffeIdPattern.parse(pattern))
			.satisfies((ex) -> assertThat(ex.getMessage()).containsAnyOf("is not a valid SPIFFE ID",
					"'*' may only be the whole last segment"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spiffe://example.org", "spiffe://example.org/*" })
	void refusesAWholeTrustDomain(String pattern) {
		assertThatIllegalArgumentException().isThrownBy(() -> SpiffeIdPattern.parse(pattern))
			.withMessage(pattern + " names a whole trust domain: list workloads instead");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spiffe://example.org/spire", "spiffe://example.org/spire/*",
			"spiffe://example.org/spire/server", "spiffe://example.org/spire/agent/*",
			"spiffe://example.org/spire/agent/k8s_psat/demo/1" })
	void refusesServersAndAgents(String pattern) {
		assertThatIllegalArgumentException().isThrownBy(() -> SpiffeIdPattern.parse(pattern))
			.withMessage(pattern + " is under '/spire', which is reserved for servers and agents");
	}

	@Test
	void tellsTheTrustDomainOfWhatItMatches() {
		assertThat(SpiffeIdPattern.parse("spiffe://example.com/orders").trustDomain()).hasToString("example.com");
		assertThat(SpiffeIdPattern.parse("spiffe://example.com/ns/*").trustDomain()).hasToString("example.com");
	}

	@ParameterizedTest
	@CsvSource({ "/spire, true", "/spire/server, true", "/spire/agent/x, true", "/spirea, false", "/spire-x/y, false",
			"/a/spire/agent, false", "/Spire/agent, false", "'', false" })
	void reservedIsWhatSpireKeepsForItself(String path, boolean reserved) {
		assertThat(id(path).isReserved()).isEqualTo(reserved);
	}

	@Test
	void textIsThePattern() {
		assertThat(pattern("/orders")).hasToString("spiffe://example.org/orders");
		assertThat(pattern("/ns/shop/*")).hasToString("spiffe://example.org/ns/shop/*");
	}

	private static SpiffeIdPattern pattern(String path) {
		return SpiffeIdPattern.parse("spiffe://example.org" + path);
	}

	private static SpiffeId id(String path) {
		return SpiffeId.parse("spiffe://example.org" + path);
	}

}
