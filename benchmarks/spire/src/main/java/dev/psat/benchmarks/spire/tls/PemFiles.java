package dev.psat.benchmarks.spire.tls;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.X509KeyManager;

import dev.psat.benchmarks.tlsserver.TlsServer;

import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.ssl.SslBundle;

/**
 * An X.509-SVID and its key in a PEM file, from which Spring Boot makes a bundle.
 */
final class PemFiles {

	private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

	private final Path file;

	private final Path trust;

	PemFiles(Path file, Path trust) {
		this.file = file;
		this.trust = trust;
	}

	/**
	 * Write certificates and key in one, so that nobody reads those of two.
	 * @param manager offers them
	 * @throws Exception if they cannot be written
	 */
	void write(X509KeyManager manager) throws Exception {
		Path next = this.file.resolveSibling(this.file.getFileName() + ".next");
		Files.writeString(next, pem(manager));
		Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE);
	}

	private static String pem(X509KeyManager manager) throws GeneralSecurityException {
		String alias = manager.chooseClientAlias(new String[] { "EC", "RSA" }, null, null);
		StringBuilder pem = new StringBuilder();
		for (Certificate certificate : manager.getCertificateChain(alias)) {
			pem.append(block("CERTIFICATE", certificate.getEncoded()));
		}
		return pem.append(block("PRIVATE KEY", manager.getPrivateKey(alias).getEncoded())).toString();
	}

	private static String block(String type, byte[] content) {
		return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(type, BASE64.encodeToString(content));
	}

	/**
	 * Return the properties of a server of the bundle.
	 * @param reloadOnUpdate whether it is to notice other files
	 * @return the properties
	 */
	List<String> properties(boolean reloadOnUpdate) {
		String bundle = "spring.ssl.bundle.pem." + TlsServer.PEM;
		return List.of("server.ssl.bundle=" + TlsServer.PEM, "server.ssl.client-auth=need", "spire.psat.enabled=false",
				bundle + ".reload-on-update=" + reloadOnUpdate, bundle + ".keystore.certificate=" + this.file.toUri(),
				bundle + ".keystore.private-key=" + this.file.toUri(),
				bundle + ".truststore.certificate=" + this.trust.toUri());
	}

	/**
	 * Return the bundle as Spring Boot makes it of the same properties.
	 * @return the bundle
	 */
	SslBundle bundle() {
		PemSslBundleProperties properties = new PemSslBundleProperties();
		properties.getKeystore().setCertificate(this.file.toUri().toString());
		properties.getKeystore().setPrivateKey(this.file.toUri().toString());
		properties.getTruststore().setCertificate(this.trust.toUri().toString());
		return PropertiesSslBundle.get(properties);
	}

}
