package dev.psat.shop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;

import dev.psat.spire.test.SimulatedX509Svid;

/**
 * A file that makes curl a workload.
 */
final class PemFile {

	private static final Base64.Encoder ENCODER = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

	private PemFile() {
	}

	static void write(Path file, SimulatedX509Svid svid) throws IOException {
		StringBuilder pem = new StringBuilder();
		try {
			for (X509Certificate certificate : svid.chain()) {
				append(pem, "CERTIFICATE", certificate.getEncoded());
			}
		}
		catch (CertificateEncodingException ex) {
			throw new IllegalStateException(ex);
		}
		append(pem, "PRIVATE KEY", svid.privateKey().getEncoded());
		Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
		Files.writeString(file, pem);
	}

	private static void append(StringBuilder pem, String type, byte[] content) {
		pem.append("-----BEGIN ").append(type).append("-----\n");
		pem.append(ENCODER.encodeToString(content));
		pem.append("\n-----END ").append(type).append("-----\n");
	}

}
