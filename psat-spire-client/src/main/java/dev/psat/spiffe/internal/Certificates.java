package dev.psat.spiffe.internal;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

public final class Certificates {

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

	public static CertificateFactory factory() {
		try {
			return CertificateFactory.getInstance("X.509");
		}
		catch (CertificateException ex) {
			throw new IllegalStateException("Every Java platform supports X.509", ex);
		}
	}

}
