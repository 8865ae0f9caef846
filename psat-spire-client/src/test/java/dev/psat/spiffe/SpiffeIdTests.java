package dev.psat.spiffe;

import dev.psat.spiffe.internal.Quoted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SpiffeId}.
 */
class SpiffeIdTests {

	private static final TrustDomain EXAMPLE = TrustDomain.of("example.org");

	@Test
	void idHasATrustDomainAndAPath() {
		SpiffeId id = SpiffeId.parse("spiffe://example.org/ns/shop/sa/orders");
		assertThat(id.trustDomain()).isEqualTo(EXAMPLE);
		assertThat(id.path()).isEqualTo("/ns/shop/sa/orders");
		assertThat(id).hasToString("spiffe://example.org/ns/shop/sa/orders");
	}

	@Test
	void idsAreEqualByTrustDomainAndPath() {
		SpiffeId id = SpiffeId.of(EXAMPLE, "/a");
		assertThat(id).isEqualTo(SpiffeId.parse("spiffe://example.org/a"))
			.hasSameHashCodeAs(SpiffeId.parse("spiffe://example.org/a"));
		assertThat(id).isNotEqualTo(SpiffeId.parse("spiffe://example.org/A"))
			.isNotEqualTo(SpiffeId.parse("spiffe://example.com/a"));
	}

	@Test
	void idOfATrustDomainHasNoPath() {
		assertThat(SpiffeId.parse("spiffe://example.org").path()).isEmpty();
		assertThat(SpiffeId.of(EXAMPLE, "")).hasToString("spiffe://example.org");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spiffe://a/b", "spiffe://_/a", "spiffe://1.2.3.4/a", "spiffe://a-b_c.d/A-Z_a.z0/...",
			"spiffe://a/.hidden/..x", "spiffe://a/spire/server" })
	void idIsTakenAsItIs(String id) {
		assertThat(SpiffeId.parse(id)).hasToString(id);
	}

	@ParameterizedTest
	@CsvSource({ "'', it does not begin with spiffe://", "example.org/a, it does not begin with spiffe://",
			"https://example.org/a, it does not begin with spiffe://",
			"SPIFFE://example.org/a, it does not begin with spiffe://",
			"' spiffe://example.org/a', it does not begin with spiffe://", "spiffe://, the name is empty",
			"spiffe:///a, the name is empty", "spiffe://Example.org/a, the name may only contain",
			"spiffe://example.org:443/a, the name may only contain",
			"spiffe://me@example.org/a, the name may only contain",
			"spiffe://example%2eorg/a, the name may only contain", "spiffe://[::1]/a, the name may only contain",
			"spiffe://example.org?a, the name may only contain", "spiffe://example.org#a, the name may only contain",
			"spiffe://example.org/a?b, its path may only contain",
			"spiffe://example.org/a#b, its path may only contain",
			"spiffe://example.org/%41, its path may only contain",
			"spiffe://example.org/a b, its path may only contain",
			"spiffe://example.org/\u00e9, its path may only contain",
			"spiffe://example.org/a:b, its path may only contain", "spiffe://example.org/, its path ends with '/'",
			"spiffe://example.org/a/, its path ends with '/'", "spiffe://example.org//a, a segment of its path is",
			"spiffe://example.org/a//b, a segment of its path is", "spiffe://example.org/./a, a segment of its path is",
			"spiffe://example.org/a/.., a segment of its path is",
			"spiffe://example.org/.., a segment of its path is" })
	void whatIsNoIdIsRefusedWithTheReason(String id, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> SpiffeId.parse(id))
			.withMessageStartingWith(Quoted.text(id) + " is not a valid SPIFFE ID: ")
			.withMessageContaining(reason);
	}

	@Test
	void invalidTrustDomainIsRefusedWithTheReason() {
		assertThatIllegalArgumentException().isThrownBy(() -> SpiffeId.parse("spiffe://Example.org/a"))
			.withMessageEndingWith("is not a valid SPIFFE ID: its trust domain is not valid, "
					+ "since the name may only contain a-z, 0-9, '.', '-' and '_'");
	}

	@Test
	void idHas2048BytesAtMost() {
		String longest = "spiffe://example.org/" + "a".repeat(2048 - 21);
		assertThat(SpiffeId.parse(longest).toString()).hasSize(2048);
		assertThatIllegalArgumentException().isThrownBy(() -> SpiffeId.parse(longest + "a"))
			.withMessageEndingWith("it has more than 2048 bytes");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "/", "a/", "//", "/a/", ".", "/." })
	void whatIsNoPathIsRefused(String path) {
		assertThatIllegalArgumentException().isThrownBy(() -> SpiffeId.of(EXAMPLE, path));
	}

	@Test
	void messageIsFitToBeShown() {
		assertThatIllegalArgumentException().isThrownBy(() -> SpiffeId.parse("\n\"" + "x".repeat(1000)))
			.withMessage("\"\\u000a\\u0022%s\"... is not a valid SPIFFE ID: it does not begin with spiffe://",
					"x".repeat(254));
	}

	@Test
	void whateverIsParsedIsAnIdOrRefused() {
		Mutations.check("spiffe://example.org/ns/shop/sa/orders", 20_000, (text) -> {
			SpiffeId id = SpiffeId.parse(text);
			assertThat(id).hasToString(text);
			assertThat(SpiffeId.of(id.trustDomain(), id.path())).isEqualTo(id);
		});
	}

}
