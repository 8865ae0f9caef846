package dev.psat.spiffe.internal;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

public final class Certificates {

	/** RFC 5280, section 4.2.1.6. */
	private static final int URI = 6;

	private static final String ALTERNATIVE_NAMES = "2.5.29.17";

	private Certificates() {
	}

	public static X509Certificate read(byte[] der) {
		try {
			X509Certificate certificate = (X509Certificate) factory()
				.generateCertificate(new ByteArrayInputStream(der));
			// the factory would also read PEM, and ignore trailing bytes
			if (Arrays.equals(certificate.getEncoded(), der)) {
				return certificate;
			}
		}
		catch (CertificateException ex) {
			throw new IllegalArgumentException("a certificate is not X.509 in DER", ex);
		}
		throw new IllegalArgumentException("a certificate is not X.509 in DER");
	}

	public static List<X509Certificate> readAll(byte[] der) {
		List<X509Certificate> certificates = new ArrayList<>();
		int position = 0;
		while (position < der.length) {
			int end = position + Der.length(der, position);
			certificates.add(read(Arrays.copyOfRange(der, position, end)));
			position = end;
		}
		return certificates;
	}

	public static int count(byte[] der, int most) {
		int count = 0;
		for (int position = 0; position < der.length && count <= most; count++) {
			position += Der.length(der, position);
		}
		return count;
	}

	/**
	 * Throws if the alternative names cannot be read, so that nobody knows whether there
	 * are any.
	 */
	public static List<String> uris(X509Certificate certificate) {
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

	public static CertificateFactory factory() {
		try {
			return CertificateFactory.getInstance("X.509");
		}
		catch (CertificateException ex) {
			throw new IllegalStateException("Every Java platform supports X.509", ex);
		}
	}

}
