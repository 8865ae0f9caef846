package dev.psat.spire.test;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

import dev.psat.spire.test.proto.JWTKey;
import dev.psat.support.MutableClock;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SvidMint}.
 */
class SvidMintTests {

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	private final MutableClock clock = new MutableClock();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.clock(this.clock)
		.jwtKeyId("same")
		.upstreamAuthority()
		.build();

	@AutoClose
	private final SimulatedSpireServer partner = SimulatedSpireServer.builder()
		.clock(this.clock)
		.trustDomain("partner.org")
		.jwtKeyId("same")
		.build();

	@Test
	void idOfAnotherTrustDomainIsSigned() throws GeneralSecurityException {
		List<X509Certificate> chain = this.partner.mint().x509Svid(ORDERS).chain();
		assertThat(chain).hasSize(1);
		assertThat(Certificates.uris(chain.get(0))).containsExactly(ORDERS);
		chain.get(0).verify(this.partner.authority().active().root().getPublicKey());
	}

	@Test
	void intermediatesHaveTheUrisThatTheyAreGiven() throws GeneralSecurityException {
		List<X509Certificate> chain = this.partner.mint()
			.intermediate("spiffe://example.org")
			.intermediate("")
			.x509Svid(ORDERS)
			.chain();
		assertThat(chain).extracting(Certificates::uris)
			.containsExactly(List.of(ORDERS), List.of(), List.of("spiffe://example.org"));
		chain.get(0).verify(chain.get(1).getPublicKey());
		chain.get(1).verify(chain.get(2).getPublicKey());
		chain.get(2).verify(this.partner.authority().active().root().getPublicKey());
		assertThat(this.partner.mint().x509Svid(ORDERS).chain()).hasSize(1);
	}

	@Test
	void intermediateBelowAnUpstreamIsFollowedByThatOfTheServer() throws GeneralSecurityException {
		List<X509Certificate> chain = this.server.mint().intermediate("spiffe://partner.org").x509Svid(ORDERS).chain();
		assertThat(chain).extracting(Certificates::uris)
			.containsExactly(List.of(ORDERS), List.of("spiffe://partner.org"), List.of("spiffe://example.org"));
		chain.get(2).verify(this.server.authority().active().root().getPublicKey());
	}

	@Test
	void oneUpstreamVouchesForTwoTrustDomains() {
		try (SimulatedSpireServer other = SimulatedSpireServer.builder()
			.trustDomain("other.org")
			.upstreamAuthorityOf(this.server)
			.build()) {
			assertThat(other.trustBundle().toPem()).isEqualTo(this.server.trustBundle().toPem());
			assertThat(other.mint().x509Svid(ORDERS).chain()).extracting(Certificates::uris)
				.containsExactly(List.of(ORDERS), List.of("spiffe://other.org"));
			assertThat(Certificates.uris(other.authority().active().root())).isEmpty();
		}
		SimulatedSpireServerBuilder builder = SimulatedSpireServer.builder();
		assertThatIllegalArgumentException().isThrownBy(() -> builder.upstreamAuthorityOf(this.partner))
			.withMessage("'other' must have an upstream authority");
	}

	@Test
	void timesAreThoseOfTheClockUnlessTheyAreGiven() {
		SvidMint mint = this.partner.mint();
		this.clock.advance(Duration.ofHours(1));
		assertThat(mint.x509Svid(ORDERS).chain().get(0).getNotAfter().toInstant().getEpochSecond())
			.isEqualTo(this.clock.instant().plus(Duration.ofHours(1)).getEpochSecond());
		SvidMint past = mint.issuedAt(this.clock.instant().minus(Duration.ofHours(3))).ttl(Duration.ofHours(2));
		long expected = this.clock.instant().minus(Duration.ofHours(1)).getEpochSecond();
		assertThat(past.intermediate("spiffe://partner.org").x509Svid(ORDERS).chain().get(0).getNotAfter().toInstant())
			.hasToString(Instant.ofEpochSecond(expected).toString());
		assertThat(part(past.jwtSvid(ORDERS, "a"), 1).get("exp").asLong()).isEqualTo(expected);
	}

	@Test
	void sameKeyIdNamesAnotherKeyInEachTrustDomain() throws GeneralSecurityException {
		JWTKey own = FederatedBundle.of(this.server).toMessage().getJwtAuthorities(0);
		JWTKey foreign = FederatedBundle.of(this.partner).toMessage().getJwtAuthorities(0);
		assertThat(own.getKeyId()).isEqualTo(foreign.getKeyId()).isEqualTo("same");
		String token = this.partner.mint().jwtSvid(ORDERS, "orders", "billing");
		assertThat(part(token, 0).get("kid").asString()).isEqualTo("same");
		assertThat(part(token, 1).get("sub").asString()).isEqualTo(ORDERS);
		assertThat(part(token, 1).get("aud")).extracting(JsonNode::asString).containsExactly("orders", "billing");
		assertThat(isSigned(token, foreign)).isTrue();
		assertThat(isSigned(token, own)).isFalse();
	}

	@Test
	void tokenNamesAnyKeyId() throws GeneralSecurityException {
		String token = this.partner.mint().keyId("of another").jwtSvid(ORDERS, "orders");
		assertThat(part(token, 0).get("kid").asString()).isEqualTo("of another");
		assertThat(isSigned(token, FederatedBundle.of(this.partner).toMessage().getJwtAuthorities(0))).isTrue();
	}

	@Test
	void nothingIsSignedWithoutAJwtAuthority() {
		try (SimulatedSpireServer none = SimulatedSpireServer.builder().disableJwtSvids().build()) {
			SvidMint mint = none.mint();
			assertThatIllegalStateException().isThrownBy(() -> mint.jwtSvid(ORDERS, "orders"))
				.withMessage("JWT functionality is disabled");
		}
	}

	private static JsonNode part(String token, int index) {
		return new JsonMapper().readTree(Base64.getUrlDecoder().decode(token.split("\\.")[index]));
	}

	private static boolean isSigned(String token, JWTKey key) throws GeneralSecurityException {
		int end = token.lastIndexOf('.');
		Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
		signature.initVerify(
				KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(key.getPublicKey().toByteArray())));
		signature.update(token.substring(0, end).getBytes(StandardCharsets.US_ASCII));
		return signature.verify(Base64.getUrlDecoder().decode(token.substring(end + 1)));
	}

}
