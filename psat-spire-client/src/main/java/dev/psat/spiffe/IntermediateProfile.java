package dev.psat.spiffe;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

import dev.psat.spiffe.internal.Certificates;
import org.jspecify.annotations.Nullable;

/**
 * What lets an intermediate vouch for others. One with a SPIFFE ID signs only for its own
 * trust domain (X.509-SVID, section 3.2), or those that share an upstream authority could
 * impersonate each other. It need not have one; other URIs are no concern of SPIFFE.
 */
record IntermediateProfile(TrustDomain trustDomain, Instant at) {

	private static final String SCHEME = "spiffe:";

	@Nullable String problem(X509Certificate certificate) {
		if (!Certificates.maySign(certificate)) {
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
		String unfit = CertificateProfile.problem(certificate);
		return (unfit != null) ? unfit : foreignness(certificate);
	}

	private @Nullable String foreignness(X509Certificate certificate) {
		List<String> uris;
		try {
			uris = Certificates.uris(certificate);
		}
		catch (IllegalArgumentException ex) {
			return "has alternative names that cannot be read";
		}
		if (uris.stream().noneMatch(IntermediateProfile::isSpiffe)) {
			return null;
		}
		return (uris.size() == 1) ? foreignness(uris.get(0))
				: "has %d URI names, of which a SPIFFE ID must be the only one".formatted(uris.size());
	}

	private @Nullable String foreignness(String id) {
		try {
			TrustDomain named = SpiffeId.parse(id).trustDomain();
			return named.equals(this.trustDomain) ? null
					: "belongs to the trust domain %s, not %s".formatted(named, this.trustDomain);
		}
		catch (IllegalArgumentException ex) {
			return "has a malformed ID: " + ex.getMessage();
		}
	}

	private static boolean isSpiffe(String uri) {
		return uri.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
	}

}
