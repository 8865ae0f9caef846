package dev.psat.spire.test;

import java.security.KeyPair;
import java.util.Arrays;

import dev.psat.spire.test.proto.BatchNewX509SVIDRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SignedRequest}.
 */
class SignedRequestTests {

	@Test
	void requestOfAnotherClientIsRead() throws Exception {
		BatchNewX509SVIDRequest recorded = BatchNewX509SVIDRequest.parseFrom(Transcript.of("x509svid").request());
		SignedRequest request = SignedRequest.parse(recorded.getParams(0).getCsr().toByteArray());
		assertThat(request.publicKey().getAlgorithm()).isEqualTo("EC");
		assertThat(request.isSignatureValid()).isTrue();
	}

	@Test
	void signatureOfAnotherKeyIsNotValid() {
		KeyPair keys = Certificates.newKeyPair();
		assertThat(SignedRequest.parse(TestCsr.of(keys)).isSignatureValid()).isTrue();
		SignedRequest foreign = SignedRequest.parse(TestCsr.of(keys, Certificates.newKeyPair()));
		assertThat(foreign.publicKey()).isEqualTo(keys.getPublic());
		assertThat(foreign.isSignatureValid()).isFalse();
	}

	@Test
	void everythingShorterOrLongerIsMalformed() {
		byte[] whole = TestCsr.of(Certificates.newKeyPair());
		for (int length = 0; length < whole.length; length++) {
			byte[] torn = Arrays.copyOf(whole, length);
			assertThatIllegalArgumentException().isThrownBy(() -> SignedRequest.parse(torn));
		}
		assertThatIllegalArgumentException()
			.isThrownBy(() -> SignedRequest.parse(Arrays.copyOf(whole, whole.length + 1)))
			.withMessage("x509: trailing data");
	}

}
