package dev.psat.spiffe;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import dev.psat.spiffe.internal.Certificates;
import org.jspecify.annotations.Nullable;

/**
 * An X.509-SVID, the certificates that prove an identity, without their private key.
 * Instances are immutable.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md">X.509-SVID</a>
 */
public final class X509Svid {

	/** SPIRE's {@code NotBeforeCushion}. */
	private static final Duration BACK_DATED = Duration.ofSeconds(10);

	private final SpiffeId spiffeId;

	private final List<X509Certificate> chain;

	private final @Nullable String hint;

	private X509Svid(SpiffeId spiffeId, List<X509Certificate> chain, @Nullable String hint) {
		this.spiffeId = spiffeId;
		this.chain = chain;
		this.hint = hint;
	}

	/**
	 * Create an X.509-SVID, without checking whether an authority vouches for it.
	 * @param chain the leaf, then intermediates
	 * @param hint the hint of the registration entry, {@code null} if it has none
	 * @return the X.509-SVID
	 * @throws IllegalArgumentException if the chain is empty or does not begin with the
	 * leaf of an X.509-SVID, which the cause explains
	 */
	public static X509Svid of(List<X509Certificate> chain, @Nullable String hint) {
		Objects.requireNonNull(chain, "'chain' must not be null");
		if (chain.isEmpty()) {
			throw new IllegalArgumentException("An X.509-SVID has at least one certificate");
		}
		try {
			return new X509Svid(spiffeId(chain.get(0)), List.copyOf(chain), hint);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("The certificate is not an X.509-SVID: " + ex.getMessage(), ex);
		}
	}

	/** Throws with a message that completes "it is not an X.509-SVID:". */
	private static SpiffeId spiffeId(X509Certificate certificate) {
		if (certificate.getBasicConstraints() != -1) {
			throw new IllegalArgumentException("it is a CA certificate");
		}
		boolean[] usage = certificate.getKeyUsage();
		if (usage != null && (usage[Certificates.KEY_CERT_SIGN] || usage[Certificates.CRL_SIGN])) {
			throw new IllegalArgumentException("its key may sign certificates or revocation lists");
		}
		List<String> uris = Certificates.uris(certificate);
		if (uris.size() != 1) {
			throw new IllegalArgumentException(
					uris.isEmpty() ? "it has no URI name" : "it has %d URI names".formatted(uris.size()));
		}
		SpiffeId id = SpiffeId.parse(uris.get(0));
		if (id.path().isEmpty()) {
			throw new IllegalArgumentException("%s has no path".formatted(id));
		}
		return id;
	}

	/** Return the SPIFFE ID, which has a path. */
	public SpiffeId spiffeId() {
		return this.spiffeId;
	}

	/** Return the leaf, then intermediates, if any; unmodifiable. */
	public List<X509Certificate> chain() {
		return this.chain;
	}

	/** Return the first certificate of the chain, which carries the ID. */
	public X509Certificate leaf() {
		return this.chain.get(0);
	}

	/** Return the serial number of the leaf, which SPIRE writes in decimal. */
	public BigInteger serialNumber() {
		return leaf().getSerialNumber();
	}

	/**
	 * Return when the server issued the SVID, by its clock: ten seconds after the leaf's
	 * {@code notBefore}, since SPIRE backdates it.
	 */
	public Instant issuedAt() {
		return leaf().getNotBefore().toInstant().plus(BACK_DATED);
	}

	/** Return the leaf's {@code notAfter}. */
	public Instant expiresAt() {
		return leaf().getNotAfter().toInstant();
	}

	/** Return the hint of the registration entry, {@code null} if it has none. */
	public @Nullable String hint() {
		return this.hint;
	}

	/**
	 * Return whether this SVID chains to an authority of a trust bundle, tainted or not.
	 * The clock may be behind the server's by any amount, but not ahead of it.
	 * @param bundle the trust bundle
	 * @param now the current time
	 * @return {@code false} also if the SVID or the authority has expired, or the bundle
	 * belongs to another trust domain
	 */
	public boolean chainsTo(TrustBundle bundle, Instant now) {
		Objects.requireNonNull(bundle, "'bundle' must not be null");
		Objects.requireNonNull(now, "'now' must not be null");
		return SvidVerifier.isVouchedFor(this, bundle, bundle.x509Authorities(), now);
	}

	/**
	 * Return whether this SVID {@linkplain #chainsTo chains to} an untainted authority.
	 * If not, it should be replaced.
	 * @param bundle the trust bundle
	 * @param now the current time
	 * @return whether it does
	 */
	public boolean chainsToUntainted(TrustBundle bundle, Instant now) {
		Objects.requireNonNull(bundle, "'bundle' must not be null");
		Objects.requireNonNull(now, "'now' must not be null");
		List<X509Authority> untainted = bundle.x509Authorities()
			.stream()
			.filter((authority) -> !authority.tainted())
			.toList();
		return SvidVerifier.isVouchedFor(this, bundle, untainted, now);
	}

	@Override
	public String toString() {
		return "X509Svid[spiffeId=%s, serialNumber=%s, expiresAt=%s]".formatted(this.spiffeId, serialNumber(),
				expiresAt());
	}

}
