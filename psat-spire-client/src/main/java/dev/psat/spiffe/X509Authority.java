package dev.psat.spiffe;

import java.security.cert.X509Certificate;
import java.util.Objects;

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
		this.unfitness = AuthorityProfile.problem(certificate);
	}

	/**
	 * Return the certificate of the authority.
	 * @return the certificate, which need not be self-signed
	 */
	public X509Certificate certificate() {
		return this.certificate;
	}

	/**
	 * Return whether the trust domain is about to revoke the authority: SVIDs that it
	 * signed are still valid, but should be replaced. Only the SPIRE Server's answers
	 * tell; neither PEM nor a JWK set does.
	 * @return whether it is
	 */
	public boolean tainted() {
		return this.tainted;
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

	/**
	 * {@return what completes "an authority", {@code null} if one may}
	 */
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
