package dev.psat.spiffe;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.psat.spire.client.KeyType;
import dev.psat.support.CertificateWriter;
import dev.psat.support.CostlyChains;
import org.jspecify.annotations.Nullable;

/**
 * An authority that mints X.509-SVIDs with keys of their own, so that they can be served,
 * and certificates that are none; and the trust bundles that hold it. In this package,
 * since nobody else makes trust bundles out of nothing.
 */
public final class SvidMint {

	/** Whose trust bundles are made. */
	public static final TrustDomain TRUST_DOMAIN = TrustDomain.of("example.org");

	private final String name;

	private final KeyPair keys = KeyType.EC_P256.generate();

	private final X509Certificate certificate;

	/** What a leaf of this authority is followed by. */
	private final List<X509Certificate> intermediates;

	/**
	 * Create a root whose name does not matter.
	 */
	public SvidMint() {
		this("SPIRE");
	}

	/**
	 * Create a root.
	 * @param name its name
	 */
	public SvidMint(String name) {
		this.name = name;
		this.certificate = signed(authority(name, this.keys.getPublic()));
		this.intermediates = List.of();
	}

	private SvidMint(String name, SvidMint issuer, String... uris) {
		this.name = name;
		CertificateWriter writer = authority(name, this.keys.getPublic());
		List.of(uris).forEach(writer::uri);
		this.certificate = issuer.signed(writer);
		this.intermediates = Stream.concat(Stream.of(this.certificate), issuer.intermediates.stream()).toList();
	}

	private static CertificateWriter authority(String name, PublicKey key) {
		return new CertificateWriter().ca(null)
			.subject(name)
			.key(key)
			.valid(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"));
	}

	/**
	 * Create an authority that is vouched for by this one.
	 * @param name its name
	 * @param uris its URI names
	 * @return the authority
	 */
	public SvidMint intermediate(String name, String... uris) {
		return new SvidMint(name, this, uris);
	}

	/**
	 * Return the trust bundle that has this authority alone.
	 */
	public TrustBundle bundle() {
		return bundle(this);
	}

	/**
	 * Return a trust bundle.
	 * @param authorities its authorities
	 */
	public static TrustBundle bundle(SvidMint... authorities) {
		return TrustBundle.of(TRUST_DOMAIN,
				Arrays.stream(authorities).map((mint) -> new X509Authority(mint.certificate, false)).toList(),
				List.of(), null, null);
	}

	/**
	 * Return a trust bundle with this authority, and one that would cost too much.
	 */
	public TrustBundle bundleWithCostlyAuthority(TrustDomain trustDomain) {
		X509Certificate costly = costly();
		return TrustBundle.of(trustDomain,
				List.of(new X509Authority(this.certificate, false), new X509Authority(costly, false)), List.of(), null,
				null);
	}

	/**
	 * Return the trust bundle of another trust domain that has this authority alone.
	 */
	public TrustBundle bundleOf(TrustDomain trustDomain) {
		return TrustBundle.of(trustDomain, List.of(new X509Authority(this.certificate, false)), List.of(), null, null);
	}

	/**
	 * Return the trust bundle that has another certificate of this authority, with the
	 * same key.
	 */
	public TrustBundle renewedBundle() {
		X509Certificate renewed = signed(authority(this.name, this.keys.getPublic()).serialNumber(2));
		return TrustBundle.of(TRUST_DOMAIN, List.of(new X509Authority(renewed, false)), List.of(), null, null);
	}

	public TrustBundle bundle(@Nullable Long sequenceNumber, @Nullable Duration refreshHint) {
		return TrustBundle.of(TRUST_DOMAIN, List.of(new X509Authority(this.certificate, false)), List.of(),
				sequenceNumber, refreshHint);
	}

	public TrustBundle taintedBundle() {
		return TrustBundle.of(TRUST_DOMAIN, List.of(new X509Authority(this.certificate, true)), List.of(), null, null);
	}

	/**
	 * Return a trust bundle that holds authorities for JWT-SVIDs, too.
	 */
	public TrustBundle bundleWith(JwtAuthority... jwtAuthorities) {
		return TrustBundle.of(TRUST_DOMAIN, List.of(new X509Authority(this.certificate, false)),
				List.of(jwtAuthorities), null, null);
	}

	public X509Certificate certificate() {
		return this.certificate;
	}

	/**
	 * Return the authority as a file has it.
	 * @return its certificate in PEM
	 */
	public String pem() {
		return pem(this.certificate);
	}

	/**
	 * Return an authority that would cost too much, as a file has it.
	 */
	public static String costlyPem() {
		return pem(costly());
	}

	private static X509Certificate costly() {
		CertificateWriter writer = authority("costly", CertificateWriter.KEYS.getPublic());
		return CostlyChains.excludedNames(writer, 65, (i) -> "x" + i)
			.signedBy("costly", CertificateWriter.KEYS.getPrivate());
	}

	private static String pem(X509Certificate certificate) {
		try {
			return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
				.formatted(Base64.getMimeEncoder().encodeToString(certificate.getEncoded()));
		}
		catch (CertificateEncodingException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Mint an X.509-SVID that is as SPIRE's are.
	 * @param uri the SPIFFE ID
	 */
	public Minted mint(String uri) {
		return order(uri).mint();
	}

	/**
	 * Mint an X.509-SVID whose chain costs more than anybody would spend on it.
	 * @param uri the SPIFFE ID
	 * @param burden what makes its certificates costly
	 */
	public Minted costly(String uri, UnaryOperator<CertificateWriter> burden) {
		return new Minted(CostlyChains.below(this.name, this.keys.getPrivate(), uri, burden),
				CertificateWriter.KEYS.getPrivate());
	}

	/**
	 * Issue an X.509-SVID, whose key nobody needs.
	 */
	public X509Svid issue(String spiffeId, Instant issuedAt, Duration life) {
		return order(spiffeId).issuedAt(issuedAt, life).mint().svid();
	}

	/**
	 * Begin with an X.509-SVID that is as SPIRE's are.
	 * @param uris the URI names, of which an X.509-SVID has one
	 */
	public Order order(String... uris) {
		return new Order(uris);
	}

	private X509Certificate signed(CertificateWriter certificate) {
		return certificate.signedBy(this.name, this.keys.getPrivate());
	}

	/**
	 * A leaf with its chain and its key.
	 *
	 * @param chain the leaf, then intermediates
	 * @param privateKey the key of the leaf
	 */
	public record Minted(List<X509Certificate> chain, PrivateKey privateKey) {

		public X509Certificate[] array() {
			return this.chain.toArray(X509Certificate[]::new);
		}

		public X509Svid svid() {
			return X509Svid.of(this.chain, null);
		}

	}

	/**
	 * What is to be minted.
	 */
	public final class Order {

		private final CertificateWriter writer = new CertificateWriter();

		private KeyType keyType = KeyType.EC_P256;

		private Order(String... uris) {
			List.of(uris).forEach(this.writer::uri);
		}

		public Order keyType(KeyType keyType) {
			this.keyType = keyType;
			return this;
		}

		public Order serialNumber(long serialNumber) {
			this.writer.serialNumber(serialNumber);
			return this;
		}

		/**
		 * Let it be issued at a time, and dated back by ten seconds.
		 */
		public Order issuedAt(Instant issuedAt, Duration life) {
			this.writer.valid(issuedAt.minusSeconds(10), issuedAt.plus(life));
			return this;
		}

		/**
		 * Let it be a CA, which no X.509-SVID of a workload is.
		 */
		public Order ca() {
			this.writer.ca(null);
			return this;
		}

		public Minted mint() {
			KeyPair keys = this.keyType.generate();
			X509Certificate leaf = signed(this.writer.key(keys.getPublic()));
			return new Minted(Stream.concat(Stream.of(leaf), SvidMint.this.intermediates.stream()).toList(),
					keys.getPrivate());
		}

	}

}
