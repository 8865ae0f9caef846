package dev.psat.spiffe;

import java.security.cert.X509Certificate;
import java.util.Objects;

/**
 * An authority that signs the X.509-SVIDs of a trust domain.
 *
 * @param certificate the certificate, which need not be self-signed
 * @param tainted whether the trust domain is about to revoke it: SVIDs that it signed are
 * still valid, but should be replaced. Only the SPIRE Server's answers tell; neither PEM
 * nor a JWK set does
 * @since 0.1.0
 */
public record X509Authority(X509Certificate certificate, boolean tainted) {

	public X509Authority {
		Objects.requireNonNull(certificate, "'certificate' must not be null");
	}

	/**
	 * Return the ID of the authority's key, by which the commands of a SPIRE Server name
	 * the authority, as in {@code spire-server localauthority x509 show}.
	 * @return the subject key identifier of the certificate, or the one that RFC 5280
	 * derives from the key (section 4.2.1.2, method 1) if it has none; lower-case
	 * hexadecimal digits
	 */
	public String keyId() {
		return SubjectKeyId.of(this.certificate);
	}

}
