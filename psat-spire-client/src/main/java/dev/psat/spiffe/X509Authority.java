package dev.psat.spiffe;

import java.security.cert.X509Certificate;
import java.util.Objects;

import dev.psat.spiffe.internal.Certificates;
import dev.psat.spiffe.internal.PublicKeys;
import org.jspecify.annotations.Nullable;

/**
 * An authority that signs the X.509-SVIDs of a trust domain.
 *
 * @since 0.1.0
 */
public final class X509Authority {

	private final X509Certificate certificate;

	private final boolean tainted;

	private final @Nullable String unfitness;

	/**
	 * Create an authority.
	 * @param certificate the certificate
	 * @param tainted whether the trust domain is about to revoke it
	 */
	public X509Authority(X509Certificate certificate, boolean tainted) {
		this.certificate = Objects.requireNonNull(certificate, "'certificate' must not be null");
		this.tainted = tainted;
		this.unfitness = unfitness(certificate);
	}

	/**
	 * Return why it may not be in a trust bundle: PKIX asks a trust anchor for none of
	 * this.
	 */
	private static @Nullable String unfitness(X509Certificate certificate) {
		if (!PublicKeys.isKnown(certificate.getPublicKey())) {
			return "has a key that is neither RSA nor EC nor EdDSA";
		}
		if (certificate.hasUnsupportedCriticalExtension()) {
			return "has a critical extension that is unknown";
		}
		return CertificateBounds.problem(certificate);
	}

	/** Return the certificate, which need not be self-signed. */
	public X509Certificate certificate() {
		return this.certificate;
	}

	/**
	 * Return whether the trust domain is about to revoke the authority, so that SVIDs
	 * that it signed are still valid, but should be replaced; only the SPIRE Server
	 * tells, neither PEM nor a JWK set does.
	 */
	public boolean tainted() {
		return this.tainted;
	}

	/**
	 * Return the ID by which the commands of a SPIRE Server name the authority, as in
	 * {@code spire-server localauthority x509 show}.
	 * @return the subject key identifier of the certificate, or what RFC 5280 derives
	 * from the key (section 4.2.1.2, method 1), in lower-case hexadecimal digits
	 */
	public String keyId() {
		return Certificates.keyId(this.certificate);
	}

	@Nullable String unfitness() {
		return this.unfitness;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof X509Authority that && this.certificate.equals(that.certificate)
				&& this.tainted == that.tainted;
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.certificate, this.tainted);
	}

	@Override
	public String toString() {
		return "X509Authority[keyId=%s, tainted=%s]".formatted(keyId(), this.tainted);
	}

}
