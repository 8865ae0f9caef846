package dev.psat.spire.client;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Verifies X.509-SVIDs (X.509-SVID, section 5): PKIX with the algorithms that the JDK
 * allows, without revocation lists, whatever the extended key usage. Authorities need not
 * be self-signed, but are held to their own key usage, path length and name constraints,
 * as SPIRE holds them; one that has expired vouches for nothing, and a tainted one still
 * does.
 */
final class SvidVerifier {

	/** How far the clock of a peer may be off. */
	static final Duration LEEWAY = Duration.ofSeconds(120);

	/** RFC 5280, section 4.2.1.3. */
	private static final int KEY_CERT_SIGN = 5;

	/** RFC 5280, section 4.2.1.10. */
	private static final String NAME_CONSTRAINTS = "2.5.29.30";

	private SvidVerifier() {
	}

	/**
	 * Verify what a peer presents. Since SPIRE dates SVIDs back by ten seconds only, a
	 * leaf may begin or end up to 120 seconds off the present. An authority may not: it
	 * is replaced long before it ends.
	 * @param chain the leaf, then intermediates in any order
	 * @param bundle the trust bundle, which vouches for its own trust domain alone
	 * @param now the present
	 * @return the SPIFFE ID of the peer
	 * @throws CertificateException if that is no X.509-SVID, or the trust bundle does not
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
		Instant at = movedInto(peer.leaf(), now);
		verify(peer, bundle, vouching(bundle.x509Authorities(), later(now, at)), at);
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
	 * Verify an SVID that the server has just issued to us, at the moment of its validity
	 * that is nearest to the present: a clock that is off that of the server is no reason
	 * to refuse it.
	 * @param svid the SVID
	 * @param bundle the trust bundle
	 * @param now the present
	 * @throws CertificateException if the trust bundle does not vouch for it
	 */
	static void verifyIssued(X509Svid svid, TrustBundle bundle, Instant now) throws CertificateException {
		Instant at = earlier(later(now, svid.leaf().getNotBefore().toInstant()), svid.expiresAt());
		verify(svid, bundle, vouching(bundle.x509Authorities(), at), at);
	}

	private static void verifyOwn(X509Svid svid, TrustBundle bundle, List<X509Authority> authorities, Instant now)
			throws CertificateException {
		Instant at = later(now, svid.leaf().getNotBefore().toInstant());
		verify(svid, bundle, vouching(authorities, at), at);
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

	private static void verify(X509Svid svid, TrustBundle bundle, List<X509Certificate> authorities, Instant at)
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
		IssuerPath path = IssuerPath.find(svid.chain(), authorities);
		if (path == null) {
			throw untrusted(svid, "does not chain to an authority of the trust bundle", null);
		}
		try {
			validate(path, at);
		}
		catch (GeneralSecurityException ex) {
			throw untrusted(svid, "has an invalid chain: " + Quoted.line(String.valueOf(ex.getMessage())), ex);
		}
	}

	private static List<X509Certificate> vouching(List<X509Authority> authorities, Instant at) {
		return authorities.stream()
			.map(X509Authority::certificate)
			.filter((certificate) -> vouchesAt(certificate, at))
			.toList();
	}

	/**
	 * PKIX asks none of it of a trust anchor.
	 */
	private static boolean vouchesAt(X509Certificate authority, Instant at) {
		boolean[] usage = authority.getKeyUsage();
		return authority.getBasicConstraints() != -1 && (usage == null || usage[KEY_CERT_SIGN])
				&& !at.isAfter(authority.getNotAfter().toInstant());
	}

	private static void validate(IssuerPath path, Instant at) throws GeneralSecurityException {
		PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(path.authority(), null)));
		parameters.setRevocationEnabled(false);
		parameters.setDate(Date.from(at));
		CertPathValidator.getInstance("PKIX")
			.validate(Certificates.factory().generateCertPath(checked(path)), parameters);
	}

	/**
	 * The JDK does not heed the name constraints of a trust anchor, but those of a
	 * certificate that leads to it. So an authority that has some leads to itself, which
	 * one that is not self-signed cannot: it is refused.
	 */
	private static List<X509Certificate> checked(IssuerPath path) throws CertificateException {
		if (path.authority().getExtensionValue(NAME_CONSTRAINTS) == null) {
			return path.certificates();
		}
		if (!IssuerPath.isSelfIssued(path.authority())) {
			throw new CertificateException("its authority has name constraints, but is not self-signed");
		}
		List<X509Certificate> certificates = new ArrayList<>(path.certificates());
		certificates.add(path.authority());
		return certificates;
	}

	private static CertificateException untrusted(X509Svid svid, String problem, @Nullable Throwable cause) {
		return new CertificateException("The X.509-SVID of %s %s".formatted(svid.spiffeId(), problem), cause);
	}

	private static Instant earlier(Instant one, Instant other) {
		return one.isBefore(other) ? one : other;
	}

	private static Instant later(Instant one, Instant other) {
		return one.isAfter(other) ? one : other;
	}

}
