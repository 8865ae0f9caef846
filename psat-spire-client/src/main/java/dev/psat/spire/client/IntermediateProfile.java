package dev.psat.spire.client;

import java.security.cert.X509Certificate;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What lets an intermediate, which an authority vouches for, vouch for others.
 *
 * @param at the time at which it must be valid
 */
record IntermediateProfile(Instant at) {

	/** RFC 5280, section 4.2.1.3. */
	private static final int KEY_CERT_SIGN = 5;

	/**
	 * Return why a certificate must not vouch for others.
	 * @param certificate the certificate
	 * @return what completes "an intermediate", {@code null} if it may
	 */
	@Nullable String problem(X509Certificate certificate) {
		boolean[] usage = certificate.getKeyUsage();
		if (certificate.getBasicConstraints() == -1 || usage != null && !usage[KEY_CERT_SIGN]) {
			return "may not sign certificates";
		}
		Instant notBefore = certificate.getNotBefore().toInstant();
		if (this.at.isBefore(notBefore)) {
			return "is not valid before " + notBefore;
		}
		Instant notAfter = certificate.getNotAfter().toInstant();
		if (this.at.isAfter(notAfter)) {
			return "expired at " + notAfter;
		}
		return KeyBounds.allow(certificate.getPublicKey()) ? null : "has a key " + KeyBounds.EXCEEDED;
	}

}
