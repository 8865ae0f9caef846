package dev.psat.spiffe;

import java.security.cert.X509Certificate;

import dev.psat.spiffe.internal.KeyBounds;
import org.jspecify.annotations.Nullable;

/** What each certificate of a peer must be like, leaf or intermediate. */
final class CertificateProfile {

	private CertificateProfile() {
	}

	/**
	 * Return why nothing is verified with a certificate.
	 * @return what completes "a certificate", {@code null} if it may be
	 */
	static @Nullable String problem(X509Certificate certificate) {
		if (!KeyBounds.allow(certificate.getPublicKey())) {
			return "has a key " + KeyBounds.EXCEEDED;
		}
		if (SignatureAlgorithms.isSha1(certificate)) {
			return "is signed with SHA-1";
		}
		return CertificateBounds.problem(certificate);
	}

}
