package dev.psat.spiffe;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

final class UriNames {

	/** RFC 5280, section 4.2.1.6. */
	private static final int URI = 6;

	private static final String ALTERNATIVE_NAMES = "2.5.29.17";

	private UriNames() {
	}

	/**
	 * Return the URIs of a certificate.
	 * @throws IllegalArgumentException if its alternative names cannot be read, so that
	 * nobody knows whether there are any
	 */
	static List<String> of(X509Certificate certificate) {
		Collection<List<?>> names = names(certificate);
		return names.stream()
			.filter((name) -> name.get(0).equals(URI))
			.map((name) -> String.valueOf(name.get(1)))
			.toList();
	}

	private static Collection<List<?>> names(X509Certificate certificate) {
		try {
			Collection<List<?>> names = certificate.getSubjectAlternativeNames();
			if (names != null) {
				return names;
			}
		}
		catch (CertificateParsingException ex) {
			throw unreadable();
		}
		// Java 17 passes over names that it cannot read, as if there were none
		if (certificate.getExtensionValue(ALTERNATIVE_NAMES) != null) {
			throw unreadable();
		}
		return List.of();
	}

	private static IllegalArgumentException unreadable() {
		return new IllegalArgumentException("its alternative names cannot be read");
	}

}
