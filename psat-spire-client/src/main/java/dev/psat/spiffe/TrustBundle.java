package dev.psat.spiffe;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.psat.spiffe.internal.Certificates;
import dev.psat.spiffe.internal.PublicKeys;
import org.jspecify.annotations.Nullable;

/**
 * The authorities of a trust domain, with which its SVIDs are verified. Instances are
 * immutable.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Trust_Domain_and_Bundle.md">SPIFFE
 * Trust Domain and Bundle</a>
 */
public final class TrustBundle {

	private static final int LARGEST = 1024 * 1024;

	private static final byte[] BYTE_ORDER_MARK = { (byte) 0xef, (byte) 0xbb, (byte) 0xbf };

	private final TrustDomain trustDomain;

	private final List<X509Authority> x509Authorities;

	private final List<JwtAuthority> jwtAuthorities;

	private final List<String> leftOut;

	private final @Nullable Long sequenceNumber;

	private final @Nullable Duration refreshHint;

	private TrustBundle(TrustDomain trustDomain, List<X509Authority> x509Authorities, List<JwtAuthority> jwtAuthorities,
			List<String> leftOut, @Nullable Long sequenceNumber, @Nullable Duration refreshHint) {
		this.trustDomain = trustDomain;
		this.x509Authorities = List.copyOf(x509Authorities);
		this.jwtAuthorities = List.copyOf(jwtAuthorities);
		this.leftOut = List.copyOf(leftOut);
		this.sequenceNumber = sequenceNumber;
		boolean hinted = refreshHint != null && !refreshHint.isZero() && !refreshHint.isNegative();
		this.refreshHint = hinted ? refreshHint : null;
	}

	/**
	 * Create a trust bundle, which may be empty: with that, a trust domain revokes
	 * everything (SPIFFE Trust Domain and Bundle, section 4.1.3).
	 * @param trustDomain the trust domain
	 * @param x509Authorities the authorities for X.509-SVIDs, of which those that nothing
	 * can be verified with, or not at a bounded cost, are {@linkplain #leftOut() left
	 * out}
	 * @param jwtAuthorities the authorities for JWT-SVIDs
	 * @param sequenceNumber the sequence number, {@code null} if there is none
	 * @param refreshHint the refresh hint, {@code null} or not positive if there is none
	 * @return the trust bundle
	 */
	public static TrustBundle of(TrustDomain trustDomain, List<X509Authority> x509Authorities,
			List<JwtAuthority> jwtAuthorities, @Nullable Long sequenceNumber, @Nullable Duration refreshHint) {
		Objects.requireNonNull(trustDomain, "'trustDomain' must not be null");
		Objects.requireNonNull(x509Authorities, "'x509Authorities' must not be null");
		Objects.requireNonNull(jwtAuthorities, "'jwtAuthorities' must not be null");
		List<X509Authority> fit = new ArrayList<>();
		List<String> leftOut = new ArrayList<>();
		for (X509Authority authority : x509Authorities) {
			String unfitness = authority.unfitness();
			if (unfitness == null) {
				fit.add(authority);
			}
			else {
				leftOut.add(leftOut(authority, unfitness));
			}
		}
		return new TrustBundle(trustDomain, fit, jwtAuthorities, leftOut, sequenceNumber, refreshHint);
	}

	/**
	 * Return this bundle as that of another trust domain, without authorities whose keys
	 * would cost too much: anybody may have them tried.
	 * @return the trust bundle, in which these count as {@linkplain #leftOut() left out}
	 */
	public TrustBundle ofAnother() {
		Stream<String> dear = this.x509Authorities.stream()
			.filter((authority) -> !isAffordable(authority))
			.map((authority) -> leftOut(authority, "has a key " + PublicKeys.EXCEEDED_BY_AUTHORITY));
		return new TrustBundle(this.trustDomain,
				this.x509Authorities.stream().filter(TrustBundle::isAffordable).toList(),
				this.jwtAuthorities.stream().filter((jwt) -> PublicKeys.allowOfAuthority(jwt.publicKey())).toList(),
				Stream.concat(this.leftOut.stream(), dear).toList(), this.sequenceNumber, this.refreshHint);
	}

	private static boolean isAffordable(X509Authority authority) {
		return PublicKeys.allowOfAuthority(authority.certificate().getPublicKey());
	}

	private static String leftOut(X509Authority authority, String reason) {
		return "The X.509 authority %s %s".formatted(authority.keyId(), reason);
	}

	/**
	 * Parse a trust bundle: certificates in PEM, which has no JWT authorities, or a
	 * SPIFFE bundle, which is a JWK set. Neither tells which authorities are tainted.
	 * @param trustDomain the trust domain, which the content does not name
	 * @param content the content, at most 1 MiB
	 * @return the trust bundle
	 * @throws IllegalArgumentException if it is malformed or has no X.509 authority
	 */
	public static TrustBundle parse(TrustDomain trustDomain, byte[] content) {
		return read(trustDomain, content, (bytes) -> pemOrJwks(trustDomain, bytes));
	}

	private static TrustBundle pemOrJwks(TrustDomain trustDomain, byte[] content) {
		if (content.length > LARGEST) {
			throw new IllegalArgumentException("it is larger than %d bytes".formatted(LARGEST));
		}
		byte[] unmarked = withoutByteOrderMark(content);
		String text = new String(unmarked, StandardCharsets.ISO_8859_1);
		TrustBundle bundle = text.stripLeading().startsWith("{") ? SpiffeJwks.read(trustDomain, unmarked)
				: pem(trustDomain, text);
		return bundle.withX509Authority();
	}

	/**
	 * Parse JWT authorities as the Workload API delivers them: a JWK set, whose keys need
	 * not name their use. Those that this JDK cannot read are left out.
	 * @param trustDomain the trust domain, which the content does not name
	 * @param content the content, at most 1 MiB
	 * @return the trust bundle, which has no X.509 authorities and may be empty
	 * @throws IllegalArgumentException if the content is not a JWK set
	 */
	public static TrustBundle parseJwtAuthorities(TrustDomain trustDomain, byte[] content) {
		return read(trustDomain, content,
				(jwks) -> of(trustDomain, List.of(), SpiffeJwks.readJwtAuthorities(jwks), null, null));
	}

	private static TrustBundle read(TrustDomain trustDomain, byte[] content, Function<byte[], TrustBundle> reader) {
		Objects.requireNonNull(trustDomain, "'trustDomain' must not be null");
		Objects.requireNonNull(content, "'content' must not be null");
		try {
			return reader.apply(content);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"The trust bundle of %s cannot be read: %s".formatted(trustDomain, ex.getMessage()), ex);
		}
	}

	private TrustBundle withX509Authority() {
		if (this.x509Authorities.isEmpty()) {
			throw new IllegalArgumentException(
					"there is no X.509 authority" + (this.leftOut.isEmpty() ? "" : ": " + this.leftOut));
		}
		return this;
	}

	private static byte[] withoutByteOrderMark(byte[] content) {
		boolean marked = content.length >= BYTE_ORDER_MARK.length
				&& Arrays.equals(content, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
		return marked ? Arrays.copyOfRange(content, BYTE_ORDER_MARK.length, content.length) : content;
	}

	private static TrustBundle pem(TrustDomain trustDomain, String pem) {
		List<X509Authority> authorities = PemReader.certificates(pem)
			.stream()
			.map((der) -> new X509Authority(Certificates.read(der), false))
			.toList();
		return of(trustDomain, authorities, List.of(), null, null);
	}

	/** Return the trust domain. */
	public TrustDomain trustDomain() {
		return this.trustDomain;
	}

	/**
	 * Return whether it vouches for nothing, neither for X.509-SVIDs nor for JWT-SVIDs.
	 */
	public boolean isEmpty() {
		return this.x509Authorities.isEmpty() && this.jwtAuthorities.isEmpty();
	}

	/** Return the authorities for X.509-SVIDs. */
	public List<X509Authority> x509Authorities() {
		return this.x509Authorities;
	}

	/** Return the authorities for JWT-SVIDs. */
	public List<JwtAuthority> jwtAuthorities() {
		return this.jwtAuthorities;
	}

	/**
	 * Return a sentence, without a full stop, for each authority that was left out when
	 * this bundle was created; bundles that differ only by this are equal.
	 */
	public List<String> leftOut() {
		return this.leftOut;
	}

	/**
	 * Return the sequence number, which grows with each change, {@code null} if there is
	 * none; it is unsigned, and so negative from 2<sup>63</sup> on.
	 */
	public @Nullable Long sequenceNumber() {
		return this.sequenceNumber;
	}

	/**
	 * Return how often the trust domain suggests checking for a newer bundle, in whole
	 * seconds, {@code null} if it suggests nothing.
	 */
	public @Nullable Duration refreshHint() {
		return this.refreshHint;
	}

	/**
	 * Verify that an authority of this bundle, tainted or not, vouches for an X.509-SVID
	 * that a peer presents (X.509-SVID, section 5). That the peer holds the private key
	 * and is authorized is up to the caller.
	 * <p>
	 * Since SPIRE backdates SVIDs by only ten seconds, the validity may be off the
	 * current time by up to 120 seconds. Up to ten certificates may belong together by
	 * their names, in any order. Their keys may be RSA of up to 4096 bits with a public
	 * exponent of up to 32 bits, EC of up to 521 bits, or EdDSA, and none is signed with
	 * SHA-1. An intermediate with a SPIFFE ID must belong to this trust domain. What
	 * anybody may send costs little: what it contains is bounded before PKIX reads it,
	 * only keys that an authority vouches for verify signatures, only until more are
	 * wrong than right, and at most four paths are tried.
	 * @param peer the X.509-SVID of the peer
	 * @param now the current time
	 * @return the path by which an authority vouches for it, of which there may be others
	 * @throws CertificateException if no authority vouches for it, and says why
	 */
	public VerifiedPath verify(X509Svid peer, Instant now) throws CertificateException {
		Objects.requireNonNull(peer, "'peer' must not be null");
		Objects.requireNonNull(now, "'now' must not be null");
		return SvidVerifier.verifyPeer(peer, this, now);
	}

	/**
	 * Verify an X.509-SVID that this process has just requested, never that of a peer,
	 * since one that has expired may pass: that an authority, tainted or not, vouches for
	 * it at the time of its validity that is closest to the current time. A difference
	 * between the clocks is no reason to reject it.
	 * @param svid the X.509-SVID
	 * @param now the current time
	 * @throws CertificateException if no authority vouches for it, and says why
	 */
	public void verifyIssued(X509Svid svid, Instant now) throws CertificateException {
		Objects.requireNonNull(svid, "'svid' must not be null");
		Objects.requireNonNull(now, "'now' must not be null");
		SvidVerifier.verifyIssued(svid, this, now);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof TrustBundle bundle && this.trustDomain.equals(bundle.trustDomain)
				&& this.x509Authorities.equals(bundle.x509Authorities)
				&& this.jwtAuthorities.equals(bundle.jwtAuthorities)
				&& Objects.equals(this.sequenceNumber, bundle.sequenceNumber)
				&& Objects.equals(this.refreshHint, bundle.refreshHint);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.trustDomain, this.x509Authorities, this.jwtAuthorities, this.sequenceNumber,
				this.refreshHint);
	}

	@Override
	public String toString() {
		return "TrustBundle[trustDomain=%s, x509Authorities=%d, jwtAuthorities=%d, sequenceNumber=%d]"
			.formatted(this.trustDomain, this.x509Authorities.size(), this.jwtAuthorities.size(), this.sequenceNumber);
	}

}
