package dev.psat.spire.actuate.endpoint;

import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.actuate.endpoint.SpireDescriptor;
import dev.psat.spire.tls.SeenAuthority;
import dev.psat.spire.tls.SeenPeers;
import org.jspecify.annotations.Nullable;

/**
 * Tells what hangs on each X.509 authority that is trusted, and so what revoking it would
 * end.
 */
final class AuthorityUses {

	private final SpireIdentity identity;

	private final @Nullable SeenPeers peers;

	private final Clock clock;

	AuthorityUses(SpireIdentity identity, @Nullable SeenPeers peers, Clock clock) {
		this.identity = identity;
		this.peers = peers;
		this.clock = clock;
	}

	/** Those of the own trust domain first, {@code null} if there is no trust bundle. */
	@Nullable List<SpireDescriptor.X509Authority> of(SpireStatus status) {
		TrustBundle own = bundle(SpireIdentity::trustBundle);
		if (own == null) {
			return null;
		}
		Seen seen = Seen.of(this.peers);
		// only the answers of a SPIRE Server tell, and only of its own trust domain
		boolean tells = status.workloadApi() == null;
		X509Authority issuer = issuer(own);
		List<SpireDescriptor.X509Authority> uses = new ArrayList<>();
		own.x509Authorities()
			.forEach((authority) -> uses
				.add(seen.describe(own.trustDomain(), authority, tells, authority.equals(issuer))));
		federated(status).forEach((bundle) -> bundle.x509Authorities()
			.forEach((authority) -> uses.add(seen.describe(bundle.trustDomain(), authority, false, false))));
		return uses;
	}

	private Stream<TrustBundle> federated(SpireStatus status) {
		return status.federation()
			.stream()
			.map((federation) -> bundle((identity) -> identity.trustBundle(federation.trustDomain())))
			.flatMap(Stream::ofNullable);
	}

	private @Nullable TrustBundle bundle(Function<SpireIdentity, TrustBundle> getter) {
		try {
			return getter.apply(this.identity);
		}
		catch (SvidUnavailableException ex) {
			return null;
		}
	}

	/** That of the own X.509-SVID, whatever the clock of the server says. */
	private @Nullable X509Authority issuer(TrustBundle own) {
		try {
			X509Svid svid = this.identity.x509Svid();
			Instant now = this.clock.instant();
			Instant at = now.isBefore(svid.leaf().getNotBefore().toInstant()) ? svid.leaf().getNotBefore().toInstant()
					: now;
			return own.verify(svid, at).authority();
		}
		catch (SvidUnavailableException | CertificateException ex) {
			return null;
		}
	}

	private record Seen(@Nullable Instant since, Map<Key, SeenAuthority> authorities) {

		static Seen of(@Nullable SeenPeers peers) {
			return (peers != null) ? new Seen(peers.since(), peers.authorities()
				.stream()
				.collect(Collectors.toMap((seen) -> new Key(seen.trustDomain(), seen.keyId()), Function.identity())))
					: new Seen(null, Map.of());
		}

		SpireDescriptor.X509Authority describe(TrustDomain trustDomain, X509Authority authority, boolean tells,
				boolean ownSvid) {
			SeenAuthority seen = this.authorities.get(new Key(trustDomain, authority.keyId()));
			return SpireDescriptor.X509Authority.of(trustDomain, authority, tells ? authority.tainted() : null, ownSvid,
					seen, this.since);
		}

	}

	private record Key(TrustDomain trustDomain, String keyId) {

	}

}
