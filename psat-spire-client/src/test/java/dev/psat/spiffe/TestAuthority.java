package dev.psat.spiffe;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import dev.psat.spire.client.KeyType;
import dev.psat.support.CertificateWriter;

/**
 * An authority that signs whatever a test needs.
 *
 * @param name its name
 * @param keys its keys
 * @param certificate its certificate
 */
public record TestAuthority(String name, KeyPair keys, X509Certificate certificate) {

	public static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

	public static final TrustDomain TRUST_DOMAIN = TrustDomain.of("example.org");

	public static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	/** Of every certificate that is not given another one. */
	public static final KeyPair KEYS = CertificateWriter.KEYS;

	/**
	 * Begin with a leaf without names that has just been issued for an hour.
	 */
	public static CertificateWriter unsigned() {
		return new CertificateWriter().valid(NOW.minusSeconds(10), NOW.plusSeconds(3600));
	}

	public static TestAuthority root(String name) {
		return root(name, unsigned().ca(null));
	}

	public static TestAuthority root(String name, CertificateWriter certificate) {
		KeyPair keys = KeyType.EC_P256.generate();
		return new TestAuthority(name, keys,
				certificate.subject(name).key(keys.getPublic()).signedBy(name, keys.getPrivate()));
	}

	public TestAuthority intermediate(String name) {
		return intermediate(name, unsigned().ca(null));
	}

	public TestAuthority intermediate(String name, CertificateWriter certificate) {
		KeyPair keys = KeyType.EC_P256.generate();
		return new TestAuthority(name, keys, sign(certificate.subject(name).key(keys.getPublic())));
	}

	public X509Certificate leaf() {
		return sign(unsigned().uri(ORDERS));
	}

	public X509Certificate sign(CertificateWriter certificate) {
		return certificate.signedBy(this.name, this.keys.getPrivate());
	}

	public TrustBundle bundle() {
		return bundle(this.certificate);
	}

	public static TrustBundle bundle(X509Certificate... authorities) {
		return bundle(Arrays.stream(authorities).map((authority) -> new X509Authority(authority, false)).toList());
	}

	public static TrustBundle bundle(List<X509Authority> authorities) {
		return TrustBundle.of(TRUST_DOMAIN, authorities, List.of(), null, null);
	}

}
