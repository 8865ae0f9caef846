package dev.psat.spire.client;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;

import dev.psat.spiffe.TestAuthority;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.support.CertificateWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what an intermediate may be, and for its names.
 */
class IntermediateTests {

	private static final String INVALID = "The X.509-SVID of %s has an invalid chain: ".formatted(TestAuthority.ORDERS);

	/** Of two trust domains. */
	private final TestAuthority upstream = TestAuthority.root("upstream");

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					spiffe://partner.org       | belongs to the trust domain partner.org, not example.org
					spiffe://partner.org/ca    | belongs to the trust domain partner.org, not example.org
					spiffe://example.org.evil  | belongs to the trust domain example.org.evil, not example.org
					SPIFFE://example.org       | has a malformed ID: "SPIFFE://example.org" is not a valid SPIFFE ID: it does not begin with spiffe://
					Spiffe://partner.org       | has a malformed ID
					spiffe://EXAMPLE.org       | has a malformed ID
					spiffe://example.org/      | has a malformed ID
					spiffe://example.org:8443  | has a malformed ID
					spiffe://user@example.org  | has a malformed ID
					spiffe://example.org?a     | has a malformed ID
					spiffe:///                 | has a malformed ID
					spiffe:example.org         | has a malformed ID
					sPiFfE:partner.org         | has a malformed ID
					""")
	void intermediateWithAnotherIdIsRefused(String uri, String problem) {
		assertRefused(TestAuthority.unsigned().uri(uri), problem);
	}

	@ParameterizedTest
	@ValueSource(strings = { "spiffe://example.org", "spiffe://partner.org", "https://example.org" })
	void intermediateWithAnIdThatIsOneOfSeveralNamesIsRefused(String uri) {
		assertRefused(TestAuthority.unsigned().uri("spiffe://example.org").uri(uri),
				"has 2 URI names, of which a SPIFFE ID must be the only one");
		assertRefused(TestAuthority.unsigned().uri(uri).uri("spiffe://example.org"),
				"has 2 URI names, of which a SPIFFE ID must be the only one");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spiffe://partner.org/%", "spiffe://partner.org/ a" })
	void intermediateWithNamesThatTheJdkCannotReadIsRefused(String uri) {
		assertRefused(TestAuthority.unsigned().uri(uri), "has alternative names that cannot be read");
	}

	@Test
	void intermediateWithTheIdOfTheTrustDomainOrWithoutAnyVouches() throws Exception {
		for (CertificateWriter intermediate : List.of(TestAuthority.unsigned(),
				TestAuthority.unsigned().dnsName("partner.org"), TestAuthority.unsigned().uri("spiffe://example.org"),
				TestAuthority.unsigned().uri("spiffe://example.org").dnsName("partner.org"),
				TestAuthority.unsigned().uri("https://ca.example.com"),
				TestAuthority.unsigned().uri("https://ca.example.com").uri("ldap://ca.example.com"),
				TestAuthority.unsigned().uri("spiffes://partner.org"))) {
			assertTrusted(chain(intermediate), this.upstream.bundle());
		}
	}

	@Test
	void everyIntermediateOfThePathIsLookedAtAndNoOther() throws Exception {
		TestAuthority partner = this.upstream.intermediate("partner",
				TestAuthority.unsigned().ca(null).uri("spiffe://partner.org"));
		TestAuthority below = partner.intermediate("below",
				TestAuthority.unsigned().ca(null).uri("spiffe://example.org"));
		assertRefused(List.of(below.leaf(), below.certificate(), partner.certificate()),
				"belongs to the trust domain partner.org, not example.org");
		TestAuthority own = this.upstream.intermediate("own");
		assertTrusted(List.of(own.leaf(), own.certificate(), partner.certificate()), this.upstream.bundle());
		X509Certificate namesake = this.upstream.sign(TestAuthority.unsigned()
			.ca(null)
			.uri("spiffe://partner.org")
			.subject("own")
			.key(own.keys().getPublic()));
		assertTrusted(List.of(own.leaf(), own.certificate(), namesake), this.upstream.bundle());
		assertTrusted(List.of(own.leaf(), namesake, own.certificate()), this.upstream.bundle());
	}

	@Test
	void idOfAnAuthorityIsNoMatterSinceTheTrustBundleDeclaresIt() throws Exception {
		TestAuthority shared = TestAuthority.root("shared",
				TestAuthority.unsigned().ca(null).uri("spiffe://partner.org"));
		TestAuthority own = shared.intermediate("own", TestAuthority.unsigned().ca(null).uri("spiffe://example.org"));
		assertTrusted(List.of(shared.leaf()), shared.bundle());
		assertTrusted(List.of(own.leaf(), own.certificate()), shared.bundle());
		assertTrusted(List.of(own.leaf(), own.certificate(), shared.certificate()), shared.bundle());
		TestAuthority partner = this.upstream.intermediate("partner",
				TestAuthority.unsigned().ca(null).uri("spiffe://partner.org"));
		assertTrusted(List.of(partner.leaf(), partner.certificate()), partner.bundle());
	}

	@Test
	void whatAnIntermediateSaysMakesNoLines() {
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> assertTrusted(chain(TestAuthority.unsigned().uri("spiffe://" + "x".repeat(5000))),
					this.upstream.bundle()))
			.satisfies((ex) -> assertThat(ex.getMessage()).contains("has a malformed ID").hasSizeLessThan(600));
	}

	@Test
	void serverOfAnotherTrustDomainsIntermediateIsRefused() {
		TestAuthority partner = this.upstream.intermediate("partner",
				TestAuthority.unsigned().ca(null).uri("spiffe://partner.org"));
		X509Certificate leaf = partner.sign(TestAuthority.unsigned().uri("spiffe://example.org/spire/server"));
		ServerVerifier verifier = ServerVerifier.of(TestAuthority.TRUST_DOMAIN, this.upstream::bundle,
				Clock.fixed(TestAuthority.NOW, ZoneOffset.UTC));
		assertThatExceptionOfType(ServerVerifier.RejectedException.class)
			.isThrownBy(() -> verifier.verify(List.of(leaf, partner.certificate())))
			.withMessageContaining("an intermediate belongs to the trust domain partner.org, not example.org");
	}

	@Test
	void leafWithNamesThatTheJdkCannotReadIsNoSvid() {
		X509Certificate leaf = this.upstream.sign(TestAuthority.unsigned().uri("spiffe://example.org/%"));
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> assertTrusted(List.of(leaf), this.upstream.bundle()))
			.withMessageContaining("its alternative names cannot be read");
	}

	private List<X509Certificate> chain(CertificateWriter certificate) {
		TestAuthority intermediate = this.upstream.intermediate("intermediate", certificate.ca(null));
		return List.of(intermediate.leaf(), intermediate.certificate());
	}

	private void assertRefused(CertificateWriter intermediate, String problem) {
		assertRefused(chain(intermediate), problem);
	}

	private void assertRefused(List<X509Certificate> chain, String problem) {
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> assertTrusted(chain, this.upstream.bundle()))
			.withMessageStartingWith(INVALID + "an intermediate ")
			.withMessageContaining(problem);
	}

	private static X509Svid peer(List<X509Certificate> chain) throws CertificateException {
		try {
			return X509Svid.of(chain, null);
		}
		catch (IllegalArgumentException ex) {
			throw new CertificateException(ex.getMessage(), ex);
		}
	}

	private static void assertTrusted(List<X509Certificate> chain, TrustBundle bundle) throws CertificateException {
		X509Svid peer = peer(chain);
		bundle.verify(peer, TestAuthority.NOW);
		assertThat(peer.spiffeId()).hasToString(TestAuthority.ORDERS);
	}

}
