package dev.psat.spire.client;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

import dev.psat.support.CertificateWriter;

/**
 * A key and its certificate, signed by itself, for tests that pin it.
 *
 * @param certificate the certificate
 * @param privateKey the key
 */
record TransportCertificates(X509Certificate certificate, PrivateKey privateKey) {

	static TransportCertificates create(String name) {
		return create(name, Instant.now().plusSeconds(3600));
	}

	static TransportCertificates create(String name, Instant notAfter) {
		KeyPair keys = CertificateWriter.newKeys();
		X509Certificate certificate = new CertificateWriter().subject(name)
			.key(keys.getPublic())
			.valid(notAfter.minusSeconds(7200), notAfter)
			.signedBy(name, keys.getPrivate());
		return new TransportCertificates(certificate, keys.getPrivate());
	}

	AgentKeyManager keyManager() {
		return new AgentKeyManager(List.of(this.certificate), this.privateKey);
	}

	/**
	 * A verifier that accepts this certificate alone.
	 */
	ServerVerifier pin() {
		return (chain) -> {
			if (!chain.get(0).equals(this.certificate)) {
				throw new ServerVerifier.RejectedException(FailureReason.SERVER_NOT_TRUSTED,
						"the certificate is not the pinned one");
			}
		};
	}

}
