package dev.psat.spiffe;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link VerifiedPath}.
 */
class VerifiedPathTests {

	private static final Instant NOW = TestAuthority.NOW;

	private static final Instant BEFORE = NOW.minus(Duration.ofDays(1));

	/**
	 * In minutes from now, and the leaf with its leeway.
	 */
	@ParameterizedTest
	@CsvSource({ "600, 600, 60, 62", "61, 600, 60, 62", "60, 600, 60, 62", "59, 600, 60, 59", "600, 62, 60, 62",
			"600, 61, 60, 61", "600, 59, 60, 59", "30, 20, 60, 20", "20, 30, 60, 20" })
	void pathIsValidUntilTheFirstOfItsCertificatesExpires(int intermediate, int authority, int leaf, int valid)
			throws Exception {
		TestAuthority root = TestAuthority.root("root",
				TestAuthority.unsigned().ca(null).valid(BEFORE, minutes(authority)));
		TestAuthority inner = root.intermediate("inner",
				TestAuthority.unsigned().ca(null).valid(BEFORE, minutes(intermediate)));
		X509Certificate certificate = inner
			.sign(TestAuthority.unsigned().uri(TestAuthority.ORDERS).valid(BEFORE, minutes(leaf)));
		X509Svid svid = X509Svid.of(List.of(certificate, inner.certificate()), null);
		VerifiedPath path = root.bundle().verify(svid, NOW);
		assertThat(path.validUntil()).isEqualTo(minutes(valid));
		assertThat(path.authority().certificate()).isEqualTo(root.certificate());
		assertThat(path).hasToString("VerifiedPath[validUntil=%s]".formatted(minutes(valid)));
		// it is what another verification says at that time
		root.bundle().verify(svid, path.validUntil());
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> root.bundle().verify(svid, path.validUntil().plusSeconds(1)));
	}

	@Test
	void pathNamesTheAuthorityThatVouchesAsTheBundleHasIt() throws Exception {
		TestAuthority root = TestAuthority.root("root");
		X509Authority tainted = new X509Authority(root.certificate(), true);
		TrustBundle bundle = TestAuthority
			.bundle(List.of(new X509Authority(TestAuthority.root("other").certificate(), false), tainted));
		X509Svid svid = X509Svid.of(List.of(root.leaf()), null);
		assertThat(bundle.verify(svid, NOW).authority()).isSameAs(tainted);
	}

	@Test
	void pathIsMadeOfAnAuthorityAndATime() {
		X509Authority authority = new X509Authority(TestAuthority.root("root").certificate(), false);
		assertThat(VerifiedPath.of(authority, NOW).authority()).isSameAs(authority);
		assertThat(VerifiedPath.of(authority, NOW).validUntil()).isEqualTo(NOW);
	}

	private static Instant minutes(int minutes) {
		return NOW.plus(Duration.ofMinutes(minutes));
	}

}
