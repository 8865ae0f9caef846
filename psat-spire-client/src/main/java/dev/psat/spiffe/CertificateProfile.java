package dev.psat.spiffe;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Set;

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

}
