package dev.psat.spiffe;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import dev.psat.spiffe.internal.Certificates;
import dev.psat.spiffe.internal.Der;
import dev.psat.spire.client.KeyType;

/**
 * An authority that mints X.509-SVIDs with keys of their own, so that they can be served,
 * and certificates that are none.
 */
public final class SvidMint {

	/** Whose trust bundles are made. */
	public static final TrustDomain TRUST_DOMAIN = TrustDomain.of("example.org");

	private static final DateTimeFormatter GENERALIZED_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.objectIdentifier("1.2.840.10045.4.3.2"));

	private static final byte[] TRUE = Der.element(0x01, new byte[] { -1 });

	private static final byte DIGITAL_SIGNATURE = (byte) 0x80;

	private static final byte KEY_CERT_SIGN = 0x04;

	private static final AtomicLong SERIAL_NUMBERS = new AtomicLong(1000);

	private final String name;

	private final KeyPair keys = KeyType.EC_P256.generate();

	private final X509Certificate certificate;

	/** What a leaf of this authority is followed by. */
	private final List<X509Certificate> intermediates;

	/**
	 * Create a root.
	 * @param name its name
	 */
	public SvidMint(String name) {
		this.name = name;
		this.certificate = new Order().ca().named(name).signed(this.keys.getPublic());
		this.intermediates = List.of();
	}

	private SvidMint(String name, SvidMint issuer, String... uris) {
		this.name = name;
		this.certificate = issuer.new Order(uris).ca().named(name).signed(this.keys.getPublic());
		this.intermediates = Stream.concat(Stream.of(this.certificate), issuer.intermediates.stream()).toList();
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

	public X509Certificate certificate() {
		return this.certificate;
	}

	/**
	 * Mint an X.509-SVID that is as SPIRE's are.
	 * @param uri the SPIFFE ID
	 */
	public Minted mint(String uri) {
		return order(uri).mint();
	}

	/**
	 * Begin with an X.509-SVID that is as SPIRE's are.
	 * @param uris the URI names, of which an X.509-SVID has one
	 */
	public Order order(String... uris) {
		return new Order(uris);
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

		private final List<String> uris;

		private String subject = "SPIRE";

		private KeyType keyType = KeyType.EC_P256;

		private Instant notBefore = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(10);

		private Instant notAfter = this.notBefore.plusSeconds(3610);

		private long serialNumber = SERIAL_NUMBERS.incrementAndGet();

		private boolean ca;

		private Order(String... uris) {
			this.uris = List.of(uris);
		}

		public Order keyType(KeyType keyType) {
			this.keyType = keyType;
			return this;
		}

		public Order serialNumber(long serialNumber) {
			this.serialNumber = serialNumber;
			return this;
		}

		/**
		 * Let it be issued at a time, and dated back by ten seconds.
		 */
		public Order issuedAt(Instant issuedAt, Duration life) {
			this.notBefore = issuedAt.minusSeconds(10);
			this.notAfter = issuedAt.plus(life);
			return this;
		}

		/**
		 * Let it be a CA, which no X.509-SVID of a workload is.
		 */
		public Order ca() {
			this.ca = true;
			return this;
		}

		private Order named(String subject) {
			this.subject = subject;
			this.notBefore = Instant.EPOCH;
			this.notAfter = Instant.parse("2100-01-01T00:00:00Z");
			return this;
		}

		public Minted mint() {
			KeyPair keys = this.keyType.generate();
			List<X509Certificate> chain = new ArrayList<>(SvidMint.this.intermediates);
			chain.add(0, signed(keys.getPublic()));
			return new Minted(List.copyOf(chain), keys.getPrivate());
		}

		private X509Certificate signed(PublicKey key) {
			byte[] content = Der.sequence(Der.element(0xa0, Der.integer(BigInteger.TWO)),
					Der.integer(BigInteger.valueOf(this.serialNumber)), ECDSA_WITH_SHA256, name(SvidMint.this.name),
					Der.sequence(time(this.notBefore), time(this.notAfter)), name(this.subject), key.getEncoded(),
					Der.element(0xa3, Der.sequence(extensions())));
			try {
				Signature signature = Signature.getInstance("SHA256withECDSA");
				signature.initSign(SvidMint.this.keys.getPrivate());
				signature.update(content);
				return Certificates.read(Der.sequence(content, ECDSA_WITH_SHA256, Der.bitString(signature.sign())));
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private byte[][] extensions() {
			List<byte[]> extensions = new ArrayList<>();
			extensions.add(extension("2.5.29.19", true, Der.sequence(this.ca ? new byte[][] { TRUE } : new byte[0][])));
			extensions.add(extension("2.5.29.15", true,
					Der.bitString(new byte[] { this.ca ? KEY_CERT_SIGN : DIGITAL_SIGNATURE })));
			if (!this.uris.isEmpty()) {
				extensions.add(extension("2.5.29.17", false,
						Der.sequence(this.uris.stream()
							.map((uri) -> Der.element(0x86, uri.getBytes(StandardCharsets.US_ASCII)))
							.toArray(byte[][]::new))));
			}
			return extensions.toArray(byte[][]::new);
		}

		private static byte[] extension(String identifier, boolean critical, byte[] value) {
			return Der.sequence(Der.objectIdentifier(identifier), critical ? TRUE : new byte[0],
					Der.element(0x04, value));
		}

		private static byte[] name(String name) {
			return Der.sequence(Der.set(Der.sequence(Der.objectIdentifier("2.5.4.3"),
					Der.element(0x0c, name.getBytes(StandardCharsets.UTF_8)))));
		}

		private static byte[] time(Instant time) {
			return Der.element(0x18, GENERALIZED_TIME.format(time).getBytes(StandardCharsets.US_ASCII));
		}

	}

}
