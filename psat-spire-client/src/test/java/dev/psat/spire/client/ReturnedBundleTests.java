package dev.psat.spire.client;

import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.ByteString;
import dev.psat.spiffe.CostlyKeys;
import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.TestAuthority;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.JWTKey;
import dev.psat.spire.test.proto.X509Certificate;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ReturnedBundle}.
 */
class ReturnedBundleTests {

	private static final TrustDomain PARTNER = TrustDomain.of("partner.org");

	private final TestAuthority partner = TestAuthority.root("partner");

	@Test
	void federatedAuthorityWhoseKeyCostsTooMuchIsLeftOutAlone() throws Exception {
		List<PublicKey> keys = new ArrayList<>(CostlyKeys.tooCostly());
		keys.addAll(CostlyKeys.large());
		TrustBundle bundle = returned(keys).acceptFederated(PARTNER);
		assertThat(bundle.x509Authorities()).extracting((authority) -> authority.certificate().getPublicKey())
			.containsExactlyElementsOf(CostlyKeys.large());
		assertThat(bundle.jwtAuthorities()).extracting(JwtAuthority::publicKey)
			.containsExactlyElementsOf(CostlyKeys.large());
		assertThat(bundle.leftOut()).hasSameSizeAs(CostlyKeys.tooCostly())
			.filteredOn((problem) -> problem.contains("has a key other than RSA of up to 8192 bits"))
			.hasSize(CostlyKeys.tooCostly().size() - 1);
	}

	@Test
	void keyOfAnOwnAuthorityMayCostWhatItDoes() throws Exception {
		TrustBundle bundle = returned(CostlyKeys.tooCostly()).accept(PARTNER);
		assertThat(bundle.x509Authorities()).extracting((authority) -> authority.certificate().getPublicKey())
			.containsExactlyElementsOf(
					CostlyKeys.tooCostly().stream().filter((key) -> !key.getAlgorithm().equals("DSA")).toList());
		assertThat(bundle.leftOut()).singleElement()
			.asString()
			.endsWith("has a key that is neither RSA nor EC nor EdDSA");
	}

	@Test
	void ownBundleWhoseOnlyAuthorityIsLeftOutIsRefusedWithTheReason() {
		List<PublicKey> dsa = CostlyKeys.tooCostly()
			.stream()
			.filter((key) -> key.getAlgorithm().equals("DSA"))
			.toList();
		assertThatExceptionOfType(SpireException.class).isThrownBy(() -> returned(dsa).accept(PARTNER))
			.withMessageContaining("there is no X.509 authority: [The X.509 authority ")
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(FailureReason.INVALID_TRUST_BUNDLE));
	}

	private ReturnedBundle returned(List<PublicKey> keys) throws CertificateEncodingException {
		Bundle.Builder bundle = Bundle.newBuilder().setTrustDomain(PARTNER.name());
		for (PublicKey key : keys) {
			byte[] certificate = this.partner.sign(TestAuthority.unsigned().ca(null).subject("costly").key(key))
				.getEncoded();
			bundle.addX509Authorities(X509Certificate.newBuilder().setAsn1(ByteString.copyFrom(certificate)));
			bundle.addJwtAuthorities(
					JWTKey.newBuilder().setKeyId("key").setPublicKey(ByteString.copyFrom(key.getEncoded())));
		}
		return new ReturnedBundle(Messages.of(bundle.build()));
	}

}
