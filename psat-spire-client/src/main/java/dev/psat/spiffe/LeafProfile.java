package dev.psat.spiffe;

import java.security.cert.X509Certificate;
import java.util.List;

import dev.psat.spiffe.internal.Certificates;

final class LeafProfile {

	/** RFC 5280, section 4.2.1.3. */
	private static final int KEY_CERT_SIGN = 5;

	private static final int CRL_SIGN = 6;

	private LeafProfile() {
	}

	/** Throws with a message that completes "it is not an X.509-SVID:". */
	static SpiffeId spiffeId(X509Certificate certificate) {
		if (certificate.getBasicConstraints() != -1) {
			throw invalid("it is a CA certificate");
		}
		boolean[] usage = certificate.getKeyUsage();
		if (usage != null && (usage[KEY_CERT_SIGN] || usage[CRL_SIGN])) {
			throw invalid("its key may sign certificates or revocation lists");
		}
		List<String> uris = Certificates.uris(certificate);
		if (uris.size() != 1) {
			throw invalid(uris.isEmpty() ? "it has no URI name" : "it has %d URI names".formatted(uris.size()));
		}
		SpiffeId id = parse(uris.get(0));
		if (id.path().isEmpty()) {
			throw invalid("%s has no path".formatted(id));
		}
		return id;
	}

	private static SpiffeId parse(String uri) {
		try {
			return SpiffeId.parse(uri);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(String.valueOf(ex.getMessage()));
		}
	}

	private static IllegalArgumentException invalid(String problem) {
		return new IllegalArgumentException(problem);
	}

}
