package dev.psat.tlstests;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

import dev.psat.spiffe.X509Authority;
import dev.psat.support.CertificateWriter;

/**
 * An X.509 authority of the trust domain {@code example.org}, which a test trusts for as
 * long as it likes.
 */
public final class EndMint {

	private final KeyPair keys = CertificateWriter.newKeys();

	private final String name;

	private final X509Certificate certificate;

	/**
	 * Create an authority.
	 * @param name its name
	 */
	public EndMint(String name) {
		this.name = name;
		this.certificate = new CertificateWriter().ca(null)
			.subject(name)
			.key(this.keys.getPublic())
			.uri("spiffe://example.org")
			.valid(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"))
			.signedBy(name, this.keys.getPrivate());
	}

	public X509Authority authority() {
		return new X509Authority(this.certificate, false);
	}

	public X509Authority tainted() {
		return new X509Authority(this.certificate, true);
	}

	/**
	 * Mint an X.509-SVID with a key of its own.
	 * @param spiffeId the SPIFFE ID
	 * @param issuedAt when it is issued
	 * @param expiresAt when it expires
	 * @return the X.509-SVID
	 */
	public Credential mint(String spiffeId, Instant issuedAt, Instant expiresAt) {
		KeyPair own = CertificateWriter.newKeys();
		return new Credential(List.of(new CertificateWriter().subject("workload")
			.uri(spiffeId)
			.key(own.getPublic())
			.serialNumber(System.nanoTime())
			.valid(issuedAt, expiresAt)
			.signedBy(this.name, this.keys.getPrivate())), own.getPrivate());
	}

	/**
	 * Mint an X.509-SVID that outlives the test.
	 * @param spiffeId the SPIFFE ID
	 * @return the X.509-SVID
	 */
	public Credential mint(String spiffeId) {
		Instant now = Instant.now();
		return mint(spiffeId, now.minusSeconds(60), now.plusSeconds(3600));
	}

}
