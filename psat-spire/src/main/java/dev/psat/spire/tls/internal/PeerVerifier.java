package dev.psat.spire.tls.internal;

import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.VerifiedPath;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Verifies peers by the current trust bundle of their trust domain, and no other: an
 * authority of one trust domain has no say in another.
 */
final class PeerVerifier {

	private final TlsIdentity identity;

	private final Clock clock;

	PeerVerifier(TlsIdentity identity, Clock clock) {
		this.identity = identity;
		this.clock = clock;
	}

	static @Nullable TrustDomain own(TlsSnapshot snapshot) {
		TrustBundle trustBundle = snapshot.trustBundle();
		if (trustBundle != null) {
			return trustBundle.trustDomain();
		}
		return (snapshot.svid() != null) ? snapshot.svid().svid().spiffeId().trustDomain() : null;
	}

	/**
	 * Verify a peer: again only if the authorities have changed or time is up since the
	 * time before.
	 */
	Vouching verify(X509Svid peer, TlsSnapshot snapshot, @Nullable Vouching before) throws CertificateException {
		try {
			TrustBundle bundle = bundleOf(peer.spiffeId(), snapshot);
			Instant now = this.clock.instant();
			if (before != null && before.isBy(bundle.x509Authorities()) && !before.isOver(now)) {
				return before.by(bundle.x509Authorities());
			}
			return new Vouching(bundle.verify(peer, now), bundle.x509Authorities());
		}
		// which proves nothing
		catch (CertificateException | OutOfMemoryError ex) {
			throw ex;
		}
		// untrusted input can make a provider fail in any way
		catch (Throwable ex) {
			throw new CertificateException("The X.509-SVID of %s could not be verified: %s".formatted(peer.spiffeId(),
					ex.getClass().getName()), ex);
		}
	}

	private TrustBundle bundleOf(SpiffeId peer, TlsSnapshot snapshot) throws CertificateException {
		boolean foreign = !peer.trustDomain().equals(own(snapshot));
		TrustBundle bundle = foreign ? this.identity.bundle(peer.trustDomain()) : snapshot.trustBundle();
		if (bundle == null) {
			throw new CertificateException(foreign ? "There is no trust bundle to verify %s with: %s".formatted(peer,
					this.identity.absence(peer.trustDomain())) : "There is no trust bundle yet");
		}
		return bundle;
	}

	record Vouching(VerifiedPath path, List<X509Authority> authorities) {

		// each answer of a SPIRE Server makes new objects of the same authorities
		boolean isBy(List<X509Authority> authorities) {
			return this.authorities == authorities || this.authorities.equals(authorities);
		}

		/**
		 * Return the same with authorities that are equal, so that connections keep no
		 * others than the current ones.
		 */
		Vouching by(List<X509Authority> equal) {
			if (this.authorities == equal) {
				return this;
			}
			X509Authority authority = equal.get(this.authorities.indexOf(this.path.authority()));
			return new Vouching(VerifiedPath.of(authority, this.path.validUntil()), equal);
		}

		boolean isOver(Instant now) {
			return now.isAfter(this.path.validUntil());
		}

	}

}
