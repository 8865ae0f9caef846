package dev.psat.spiffe;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
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

import dev.psat.spiffe.internal.Certificates;
import dev.psat.spiffe.internal.Quoted;
import org.jspecify.annotations.Nullable;

/**
 * Verifies X.509-SVIDs (X.509-SVID, section 5) with PKIX, without revocation lists and
 * with any extended key usage. Like SPIRE, it enforces key usage, path length and name
 * constraints of authorities, which need not be self-signed. An expired authority vouches
 * for nothing. Its own SPIFFE ID does not matter, since the trust bundle declares it.
 */
final class SvidVerifier {

	/** How much the clock of a peer may be off. */
	static final Duration LEEWAY = Duration.ofSeconds(120);

	/** RFC 5280, section 4.2.1.10. */
	private static final String NAME_CONSTRAINTS = "2.5.29.30";

	private SvidVerifier() {
	}

	/** Only a leaf has leeway: authorities are replaced long before they expire. */
	static VerifiedPath verifyPeer(X509Svid peer, TrustBundle bundle, Instant now) throws CertificateException {
		Instant at = movedInto(peer.leaf(), now);
		PathSearch.Issued path = verify(peer, bundle, vouching(bundle.x509Authorities(), later(now, at)), at);
		return VerifiedPath.of(path, bundle.x509Authorities(), LEEWAY);
	}

	private static Instant movedInto(X509Certificate leaf, Instant now) {
		Instant notBefore = leaf.getNotBefore().toInstant();
		Instant notAfter = leaf.getNotAfter().toInstant();
		if (now.isBefore(notBefore)) {
			return earlier(notBefore, now.plus(LEEWAY));
		}
		return now.isAfter(notAfter) ? later(notAfter, now.minus(LEEWAY)) : now;
	}

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

	private static PathSearch.Issued verify(X509Svid svid, TrustBundle bundle, List<X509Certificate> authorities,
			Instant at) throws CertificateException {
		if (!svid.spiffeId().trustDomain().equals(bundle.trustDomain())) {
			throw untrusted(svid, "belongs to a trust domain other than " + bundle.trustDomain(), null);
		}
		if (at.isBefore(svid.leaf().getNotBefore().toInstant())) {
			throw untrusted(svid, "is not valid before " + svid.leaf().getNotBefore().toInstant(), null);
		}
		if (at.isAfter(svid.expiresAt())) {
			throw untrusted(svid, "expired at " + svid.expiresAt(), null);
		}
		String unfit = CertificateProfile.problem(svid.leaf());
		if (unfit != null) {
			throw untrusted(svid, unfit, null);
		}
		try {
			CertificateProfile.IntermediateProfile profile = new CertificateProfile.IntermediateProfile(
					bundle.trustDomain(), at);
			PathSearch.Issued path = PathSearch.find(svid.chain(), authorities, profile,
					(found) -> validate(found, at));
			if (path != null) {
				return path;
			}
		}
		catch (GeneralSecurityException ex) {
			throw untrusted(svid, "has an invalid chain: " + Quoted.line(String.valueOf(ex.getMessage())), ex);
		}
		throw untrusted(svid, "does not chain to an authority of the trust bundle", null);
	}

	private static List<X509Certificate> vouching(List<X509Authority> authorities, Instant at) {
		return authorities.stream()
			.map(X509Authority::certificate)
			.filter((certificate) -> vouchesAt(certificate, at))
			.toList();
	}

	/** PKIX does not check this for a trust anchor. */
	private static boolean vouchesAt(X509Certificate authority, Instant at) {
		return Certificates.maySign(authority) && !at.isAfter(authority.getNotAfter().toInstant());
	}

	private static void validate(PathSearch.Issued issued, Instant at) throws GeneralSecurityException {
		PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(issued.root(), null)));
		parameters.setRevocationEnabled(false);
		parameters.setDate(Date.from(at));
		// the tree of policies would grow with each certificate by as many times as there
		// are mappings of a policy
		parameters.setPolicyMappingInhibited(true);
		CertPath checked = Certificates.factory().generateCertPath(checked(issued));
		try {
			CertPathValidator.getInstance("PKIX").validate(checked, parameters);
		}
		// names that constraints cannot be compared with, or not the JDK's
		catch (RuntimeException ex) {
			throw new CertPathValidatorException("it cannot be validated", ex);
		}
	}

	/**
	 * The JDK ignores name constraints of a trust anchor, but not of a certificate on the
	 * path. An authority that has some becomes part of its own path, which only a
	 * self-signed one can.
	 */
	private static List<X509Certificate> checked(PathSearch.Issued issued) throws CertificateException {
		if (issued.root().getExtensionValue(NAME_CONSTRAINTS) == null) {
			return issued.path();
		}
		if (!PathSearch.Issued.isSelfIssued(issued.root())) {
			throw new CertificateException("its authority has name constraints, but is not self-signed");
		}
		List<X509Certificate> certificates = new ArrayList<>(issued.path());
		certificates.add(issued.root());
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
