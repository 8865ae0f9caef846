package dev.psat.spiffe;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import dev.psat.spiffe.internal.Certificates;
import dev.psat.spiffe.internal.PublicKeys;
import org.jspecify.annotations.Nullable;

/** What each certificate of a peer must be like, leaf or intermediate. */
final class CertificateProfile {

	private static final String SHA_1 = "SHA-1";

	/** With ECDSA, and with RSA and DSA by both of their identifiers. */
	private static final Set<String> WITH_SHA_1 = Set.of("1.2.840.10045.4.1", "1.2.840.113549.1.1.5", "1.3.14.3.2.29",
			"1.2.840.10040.4.3", "1.3.14.3.2.27");

	private static final String PSS = "1.2.840.113549.1.1.10";

	private CertificateProfile() {
	}

	/** Return what completes "a certificate", {@code null} if it may verify something. */
	static @Nullable String problem(X509Certificate certificate) {
		if (!PublicKeys.allow(certificate.getPublicKey())) {
			return "has a key " + PublicKeys.EXCEEDED;
		}
		if (isSha1(certificate)) {
			return "is signed with SHA-1";
		}
		return CertificateBounds.problem(certificate);
	}

	/** The JDK bans SHA-1 only below its own authorities. */
	static boolean isSha1(X509Certificate certificate) {
		String algorithm = certificate.getSigAlgOID();
		// an identifier may leave the digest to its parameters, as the JDK knows
		return WITH_SHA_1.contains(algorithm) || certificate.getSigAlgName().startsWith("SHA1")
				|| PSS.equals(algorithm) && isSha1(certificate.getSigAlgParams());
	}

	/** Return whether parameters name SHA-1, which is what they are without any. */
	private static boolean isSha1(byte[] encoded) {
		try {
			AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
			parameters.init(encoded);
			PSSParameterSpec pss = parameters.getParameterSpec(PSSParameterSpec.class);
			return SHA_1.equals(pss.getDigestAlgorithm()) || pss.getMGFParameters() instanceof MGF1ParameterSpec mask
					&& SHA_1.equals(mask.getDigestAlgorithm());
		}
		catch (GeneralSecurityException | IOException | RuntimeException ex) {
			return true;
		}
	}

	/**
	 * What lets an intermediate vouch for others. One with a SPIFFE ID signs only for its
	 * own trust domain (X.509-SVID, section 3.2), or those that share an upstream
	 * authority could impersonate each other. It need not have one; other URIs are no
	 * concern of SPIFFE.
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

}
