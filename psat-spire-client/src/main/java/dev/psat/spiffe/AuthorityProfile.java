package dev.psat.spiffe;

import java.security.cert.X509Certificate;

import dev.psat.spiffe.internal.KeyBounds;
import org.jspecify.annotations.Nullable;

/**
 * What the certificate of an authority must be like for a trust bundle to hold it. PKIX
 * asks a trust anchor for none of this.
 */
final class AuthorityProfile {

	private AuthorityProfile() {
	}

	/**
	 * {@return what completes "an authority", {@code null} if one may}
	 */
	static @Nullable String problem(X509Certificate certificate) {
		if (!KeyBounds.isKnown(certificate.getPublicKey())) {
			return "has a key that is neither RSA nor EC nor EdDSA";
		}
		if (certificate.hasUnsupportedCriticalExtension()) {
			return "has a critical extension that is unknown";
		}
		return CertificateBounds.problem(certificate);
	}

}
