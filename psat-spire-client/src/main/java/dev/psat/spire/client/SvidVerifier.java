package dev.psat.spire.client;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Verifies X509-SVIDs (X509-SVID, section 5): PKIX with the algorithms that the JDK
 * allows, without revocation lists, whatever the extended key usage. Authorities need not
 * be self-signed; one that has expired vouches for nothing, and a tainted one still does.
 */
final class SvidVerifier {

	/** How far the clock of a peer may be off. */
	private static final Duration LEEWAY = Duration.ofSeconds(120);

	private SvidVerifier() {
	}

	/**
	 * Verify what a peer presents. Since SPIRE dates SVIDs back by ten seconds only, a
	 * leaf may begin or end up to 120 seconds off the present.
	 * @param chain the leaf, then intermediates in any order
	 * @param bundle the trust bundle, which vouches for its own trust domain alone
	 * @param now the present
	 * @return the SPIFFE ID of the peer
	 * @throws CertificateException if that is no X509-SVID, or the trust bundle does not
	 * vouch for it
	 */
	static SpiffeId verifyPeer(List<X509Certificate> chain, TrustBundle bundle, Instant now)
			throws CertificateException {
		X509Svid peer = parse(chain);
		verifyPeer(peer, bundle, now);
		return peer.spiffeId();
	}

	private static X509Svid parse(List<X509Certificate> chain) throws CertificateException {
		try {
			return X509Svid.of(chain, null);
		}
		catch (IllegalArgumentException ex) {
			throw new CertificateException(ex.getMessage(), ex);
		}
	}

	static void verifyPeer(X509Svid peer, TrustBundle bundle, Instant now) throws CertificateException {
		verify(peer, bundle, bundle.x509Authorities(), movedInto(peer.leaf(), now));
	}

	private static Instant movedInto(X509Certificate leaf, Instant now) {
		Instant notBefore = leaf.getNotBefore().toInstant();
		Instant notAfter = leaf.getNotAfter().toInstant();
		if (now.isBefore(notBefore)) {
			return earlier(notBefore, now.plus(LEEWAY));
		}
		return now.isAfter(notAfter) ? later(notAfter, now.minus(LEEWAY)) : now;
	}

	/**
	 * Verify an SVID of our own. A clock that is behind that of the server is no reason
	 * to refuse it.
	 * @param svid the SVID
	 * @param bundle the trust bundle
	 * @param now the present
	 * @throws CertificateException if the trust bundle does not vouch for it
	 */
	static void verifyOwn(X509Svid svid, TrustBundle bundle, Instant now) throws CertificateException {
		verifyOwn(svid, bundle, bundle.x509Authorities(), now);
	}

	private static void verifyOwn(X509Svid svid, TrustBundle bundle, List<X509Authority> authorities, Instant now)
			throws CertificateException {
		verify(svid, bundle, authorities, later(now, svid.leaf().getNotBefore().toInstant()));
	}

	static boolean isVouchedFor(X509Svid svid, TrustBundle bundle, List<X509Authority> authorities, Instant now) {
		try {
			verifyOwn(svid, bundle, authorities, now);
			return true;
		}
		catch (CertificateException ex) {
			return false;
		}
	}

	private static void verify(X509Svid svid, TrustBundle bundle, List<X509Authority> authorities, Instant at)
			throws CertificateException {
		if (!svid.spiffeId().trustDomain().equals(bundle.trustDomain())) {
			throw untrusted(svid, "is of another trust domain than " + bundle.trustDomain(), null);
		}
		if (at.isBefore(svid.leaf().getNotBefore().toInstant())) {
			throw untrusted(svid, "is not valid before " + svid.leaf().getNotBefore().toInstant(), null);
		}
		if (at.isAfter(svid.expiresAt())) {
			throw untrusted(svid, "expired at " + svid.expiresAt(), null);
		}
		List<X509Certificate> certificates = authorities.stream()
			.map(X509Authority::certificate)
			.filter((certificate) -> vouchesAt(certificate, at))
			.toList();
		IssuerPath path = IssuerPath.find(svid.chain(), certificates);
		if (path == null) {
			throw untrusted(svid, "does not chain to an authority of the trust bundle", null);
		}
		try {
			validate(path, at);
		}
		catch (GeneralSecurityException ex) {
			throw untrusted(svid, "has an invalid chain: " + ex.getMessage(), ex);
		}
	}

	/**
	 * PKIX asks neither of a trust anchor.
	 */
	private static boolean vouchesAt(X509Certificate authority, Instant at) {
		return authority.getBasicConstraints() != -1 && !at.isAfter(authority.getNotAfter().toInstant());
	}

	private static void validate(IssuerPath path, Instant at) throws GeneralSecurityException {
		PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(path.authority(), null)));
		parameters.setRevocationEnabled(false);
		parameters.setDate(Date.from(at));
		CertPathValidator.getInstance("PKIX")
			.validate(Certificates.factory().generateCertPath(path.certificates()), parameters);
	}

	private static CertificateException untrusted(X509Svid svid, String problem, @Nullable Throwable cause) {
		return new CertificateException("The X509-SVID of %s %s".formatted(svid.spiffeId(), problem), cause);
	}

	private static Instant earlier(Instant one, Instant other) {
		return one.isBefore(other) ? one : other;
	}

	private static Instant later(Instant one, Instant other) {
		return one.isAfter(other) ? one : other;
	}

}
