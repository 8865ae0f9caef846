package dev.psat.benchmarks.notice;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Creates certificates, each with a key of its own, with the JDK's {@code keytool}.
 */
final class Certificates {

	private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

	private static final String PASSWORD = "password";

	private static final String ALIAS = "certificate";

	private Certificates() {
	}

	/**
	 * Create certificates, which takes half a second each.
	 * @param count the number of certificates
	 * @param directory the directory for temporary key stores
	 * @return the certificates with their keys, named by the certificate
	 * @throws Exception if that fails
	 */
	static List<Content> make(int count, Path directory) throws Exception {
		List<Content> certificates = new ArrayList<>();
		for (int number = 0; number < count; number++) {
			Path store = directory.resolve("certificate-%d.p12".formatted(number));
			generate(store);
			certificates.add(read(store));
			Files.delete(store);
		}
		return certificates;
	}

	static String nameOf(@Nullable Certificate certificate) {
		Assert.state(certificate instanceof X509Certificate, "There is no certificate");
		return ((X509Certificate) certificate).getSerialNumber().toString();
	}

	private static void generate(Path store) throws IOException, InterruptedException {
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
				"-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=peer",
				"-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD)
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		Assert.state(keytool.waitFor() == 0, "keytool failed");
	}

	private static Content read(Path file) throws IOException, GeneralSecurityException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(file)) {
			store.load(in, PASSWORD.toCharArray());
		}
		Certificate certificate = store.getCertificate(ALIAS);
		return new Content(
				pem("CERTIFICATE", certificate.getEncoded())
						+ pem("PRIVATE KEY", store.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()),
				nameOf(certificate));
	}

	private static String pem(String type, byte[] content) {
		return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(type, PEM.encodeToString(content));
	}

}
