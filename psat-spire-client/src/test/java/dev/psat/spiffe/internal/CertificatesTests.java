package dev.psat.spiffe.internal;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Certificates}.
 */
class CertificatesTests {

	/** None is a certificate. */
	private static final byte[] FOUR = { 0x30, 0, 0x30, 1, 0, 0x30, 0, 0x30, 0 };

	@Test
	void areCountedWithoutBeingRead() {
		assertThat(Certificates.count(FOUR, 10)).isEqualTo(4);
		assertThat(Certificates.count(new byte[0], 10)).isZero();
		assertThatIllegalArgumentException().isThrownBy(() -> Certificates.readAll(FOUR));
	}

	@Test
	void areNotCountedFurtherThanOneTooMany() {
		assertThat(Certificates.count(FOUR, 4)).isEqualTo(4);
		assertThat(Certificates.count(FOUR, 3)).isEqualTo(4);
		assertThat(Certificates.count(FOUR, 2)).isEqualTo(3);
	}

	@Test
	void oneThatIsCutOffIsNotCounted() {
		assertThatIllegalArgumentException().isThrownBy(() -> Certificates.count(new byte[] { 0x30, 1 }, 10));
	}

}
