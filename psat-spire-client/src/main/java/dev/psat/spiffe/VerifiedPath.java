package dev.psat.spiffe;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The path by which an authority vouches for the X.509-SVID of a peer. Instances are
 * immutable.
 *
 * @since 0.1.0
 * @see TrustBundle#verify(X509Svid, Instant)
 */
public final class VerifiedPath {

	private final X509Authority authority;

	private final Instant validUntil;

	private VerifiedPath(X509Authority authority, Instant validUntil) {
		this.authority = authority;
		this.validUntil = validUntil;
	}

	/**
	 * Create a path.
	 * @param authority the authority that vouches for the peer
	 * @param validUntil the last moment
	 * @return the path
	 */
	public static VerifiedPath of(X509Authority authority, Instant validUntil) {
		Objects.requireNonNull(authority, "'authority' must not be null");
		Objects.requireNonNull(validUntil, "'validUntil' must not be null");
		return new VerifiedPath(authority, validUntil);
	}

	static VerifiedPath of(PathSearch.Issued issued, List<X509Authority> authorities, Duration leeway) {
		X509Authority authority = authorities.stream()
			.filter((candidate) -> candidate.certificate() == issued.root())
			.findFirst()
			.orElseThrow();
		List<X509Certificate> certificates = issued.path();
		Instant leaf = certificates.get(0).getNotAfter().toInstant();
		// an intermediate is verified at a time at which the leaf has not expired
		Stream<Instant> issuers = certificates.stream()
			.skip(1)
			.map((intermediate) -> intermediate.getNotAfter().toInstant())
			.filter((notAfter) -> notAfter.isBefore(leaf));
		return new VerifiedPath(authority, Stream.concat(issuers, Stream.of(issued.root().getNotAfter().toInstant()))
			.reduce(leaf.plus(leeway), (one, other) -> one.isBefore(other) ? one : other));
	}

	/** Return the authority that vouches for the peer, as the trust bundle has it. */
	public X509Authority authority() {
		return this.authority;
	}

	/**
	 * Return until when this path vouches for the peer, unless the authority is revoked:
	 * the leaf has expired by more than the 120 seconds of leeway, the authority has
	 * expired, or an intermediate that expires before the leaf.
	 */
	public Instant validUntil() {
		return this.validUntil;
	}

	@Override
	public String toString() {
		return "VerifiedPath[validUntil=%s]".formatted(this.validUntil);
	}

}
