package dev.psat.spiffe;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A certificate that an authority vouches for, directly or through others.
 *
 * @param issuer {@code null} if it is the authority itself
 * @param pathLength how many intermediates may follow, not counting self-issued ones (RFC
 * 5280, section 4.2.1.9); negative if it is one too many itself
 */
record Issued(X509Certificate certificate, @Nullable Issued issuer, int pathLength) {

	static Issued authority(X509Certificate certificate) {
		return new Issued(certificate, null, certificate.getBasicConstraints());
	}

	Issued issue(X509Certificate certificate) {
		int left = isSelfIssued(certificate) ? this.pathLength : this.pathLength - 1;
		return new Issued(certificate, this, Math.min(left, certificate.getBasicConstraints()));
	}

	boolean isNamedBy(X509Certificate certificate) {
		return certificate.getIssuerX500Principal().equals(this.certificate.getSubjectX500Principal());
	}

	/** One with the name and the key of this one leads to nothing else. */
	boolean isSameAs(X509Certificate certificate) {
		return certificate.getSubjectX500Principal().equals(this.certificate.getSubjectX500Principal())
				&& certificate.getPublicKey().equals(this.certificate.getPublicKey());
	}

	boolean isBelow(X509Certificate certificate) {
		return certificate.equals(this.certificate) || this.issuer != null && this.issuer.isBelow(certificate);
	}

	boolean hasSigned(X509Certificate certificate) {
		try {
			certificate.verify(this.certificate.getPublicKey());
			return true;
		}
		// untrusted input can make a provider fail in any way
		catch (GeneralSecurityException | RuntimeException ex) {
			return false;
		}
	}

	static boolean isSelfIssued(X509Certificate certificate) {
		return certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
	}

	/** The leaf first, without the authority. */
	List<X509Certificate> path() {
		List<X509Certificate> path = new ArrayList<>();
		for (Issued link = this; link.issuer != null; link = link.issuer) {
			path.add(link.certificate);
		}
		return path;
	}

	X509Certificate root() {
		return (this.issuer != null) ? this.issuer.root() : this.certificate;
	}

}
