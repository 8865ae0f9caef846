package dev.psat.spiffe;

import dev.psat.spiffe.internal.Quoted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TrustDomain}.
 */
class TrustDomainTests {

	@ParameterizedTest
	@ValueSource(strings = { "example.org", "spiffe://example.org" })
	void trustDomainIsANameOrAnId(String name) {
		TrustDomain domain = TrustDomain.of(name);
		assertThat(domain.name()).isEqualTo("example.org");
		assertThat(domain).hasToString("example.org")
			.isEqualTo(TrustDomain.of("example.org"))
			.hasSameHashCodeAs(TrustDomain.of("example.org"))
			.isNotEqualTo(TrustDomain.of("example.com"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "spiffe://", "Example.org", "example.org/", "spiffe://example.org/", "example.org:1",
			"spiffe://spiffe://example.org", "https://example.org", "spiffe:example.org", "a@b", " a", "a\n",
			"ex\u00e4mple.org" })
	void whatIsNoTrustDomainIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> TrustDomain.of(name))
			.withMessageStartingWith(Quoted.text(name) + " is not a valid trust domain: the name ");
	}

	@Test
	void nameHas255CharactersAtMost() {
		assertThat(TrustDomain.of("a".repeat(255)).name()).hasSize(255);
		assertThatIllegalArgumentException().isThrownBy(() -> TrustDomain.of("a".repeat(256)))
			.withMessageEndingWith("the name has more than 255 characters");
	}

}
