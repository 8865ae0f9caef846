package dev.psat.tlstests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

import dev.psat.spire.test.SimulatedX509Svid;
import dev.psat.support.CertificateWriter;
import dev.psat.support.ClassicAuthority;

/**
 * The certificates and the key that a peer presents, in the forms that Java, openssl and
 * curl accept.
 *
 * @param chain the certificates, empty if the peer presents none
 * @param privateKey the key
 */
public record Credential(List<X509Certificate> chain, PrivateKey privateKey) {

	private static final FileAttribute<?> OWNER_ALONE = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

	public static Credential of(SimulatedX509Svid svid) {
		return new Credential(svid.chain(), svid.privateKey());
	}

	/**
	 * Issue a classic certificate, which carries no SPIFFE ID.
	 * @param authority its issuer
	 * @param hostName the name of the host
	 * @return the certificate and its key
	 */
	public static Credential of(ClassicAuthority authority, String hostName) {
		KeyPair keys = CertificateWriter.newKeys();
		return new Credential(List.of(authority.issue(hostName, keys.getPublic())), keys.getPrivate());
	}

	static Credential none(PrivateKey unused) {
		return new Credential(List.of(), unused);
	}

	public boolean isPresent() {
		return !this.chain.isEmpty();
	}

	public X509Certificate leaf() {
		return this.chain.get(0);
	}

	/**
	 * Return the certificates after the leaf.
	 * @return what is left without the leaf, empty if that is nothing
	 */
	Optional<Credential> issuers() {
		return (this.chain.size() > 1)
				? Optional.of(new Credential(this.chain.subList(1, this.chain.size()), this.privateKey))
				: Optional.empty();
	}

	/**
	 * Return a key store with the alias {@code peer} and an empty password.
	 * @return the store, empty if the peer does not present a certificate
	 */
	public KeyStore keyStore() {
		try {
			// encrypts the key faster than other types
			KeyStore store = KeyStore.getInstance("JKS");
			store.load(null, null);
			if (isPresent()) {
				store.setKeyEntry("peer", this.privateKey, new char[0], this.chain.toArray(X509Certificate[]::new));
			}
			return store;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private KeyManager[] keyManagers() throws GeneralSecurityException {
		// the JDK's other factory would check validity and issuers first
		KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
		factory.init(keyStore(), new char[0]);
		return factory.getKeyManagers();
	}

	public SSLContext sslContext(TrustManager trustManager) {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(keyManagers(), new TrustManager[] { trustManager }, null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Write the certificates and the key to a file that only its owner can read, unless
	 * it exists.
	 * @param directory the directory of the file
	 * @return the file
	 */
	public Path writeTo(Path directory) {
		try {
			StringBuilder pem = new StringBuilder();
			for (X509Certificate certificate : this.chain) {
				append(pem, "CERTIFICATE", certificate.getEncoded());
			}
			append(pem, "PRIVATE KEY", this.privateKey.getEncoded());
			Path file = directory.resolve("peer-" + leaf().getSerialNumber() + ".pem");
			if (!Files.exists(file)) {
				Files.createFile(file, OWNER_ALONE);
				Files.writeString(file, pem);
			}
			return file;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void append(StringBuilder pem, String type, byte[] content) {
		pem.append("-----BEGIN ").append(type).append("-----\n");
		pem.append(Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content));
		pem.append("\n-----END ").append(type).append("-----\n");
	}

	@Override
	public String toString() {
		return "Credential" + this.chain.stream().map(X509Certificate::getSerialNumber).toList();
	}

}
