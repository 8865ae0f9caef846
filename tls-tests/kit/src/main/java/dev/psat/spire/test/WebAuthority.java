package dev.psat.spire.test;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.psat.spire.test.Certificates.Validity;

/**
 * An authority like those that browsers trust: its certificates are for host names and
 * carry no SPIFFE ID.
 */
public final class WebAuthority {

	private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));

	private final Validity validity = new Validity(Instant.now().minusSeconds(60),
			Instant.now().plus(Duration.ofDays(1)));

	private final KeyPair keys = Certificates.newKeyPair();

	private final X509Certificate root = Certificates.root(this.keys, "https://ca.example", this.validity);

	/**
	 * Return the certificate to trust.
	 * @return the certificate
	 */
	public X509Certificate root() {
		return this.root;
	}

	/**
	 * Issue a certificate for a host name.
	 * @param hostName the name
	 * @return the certificate and its key
	 */
	public Issued issue(String hostName) {
		KeyPair keys = Certificates.newKeyPair();
		byte[] names = Der.sequence(Der.element(Der.CONTEXT + 2, hostName.getBytes(StandardCharsets.US_ASCII)));
		byte[] extension = Der.sequence(Der.oid("2.5.29.17"), Der.octetString(names));
		byte[] subject = Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.utf8(hostName))));
		byte[] content = Der.sequence(Der.element(Der.CONTEXT_CONSTRUCTED, Der.integer(BigInteger.TWO)),
				Der.integer(BigInteger.valueOf(System.nanoTime())), ECDSA_WITH_SHA256,
				this.root.getSubjectX500Principal().getEncoded(),
				Der.sequence(Der.time(this.validity.notBefore()), Der.time(this.validity.notAfter())), subject,
				keys.getPublic().getEncoded(), Der.element(Der.CONTEXT_CONSTRUCTED + 3, Der.sequence(extension)));
		return new Issued(List.of(sign(content)), keys.getPrivate());
	}

	private X509Certificate sign(byte[] content) {
		try {
			Signature signature = Signature.getInstance("SHA256withECDSA");
			signature.initSign(this.keys.getPrivate());
			signature.update(content);
			byte[] certificate = Der.sequence(content, ECDSA_WITH_SHA256, Der.bitString(0, signature.sign()));
			return (X509Certificate) CertificateFactory.getInstance("X.509")
				.generateCertificate(new ByteArrayInputStream(certificate));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A certificate and its key.
	 *
	 * @param chain the certificate
	 * @param privateKey the key
	 */
	public record Issued(List<X509Certificate> chain, PrivateKey privateKey) {

		@Override
		public String toString() {
			return "Issued[" + this.chain.get(0).getSubjectX500Principal() + "]";
		}

	}

}
