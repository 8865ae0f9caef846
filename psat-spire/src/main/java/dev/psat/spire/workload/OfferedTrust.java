package dev.psat.spire.workload;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.Federation;
import org.jspecify.annotations.Nullable;

/**
 * Whom the agent lets this application trust. X.509 authorities come from one stream, and
 * JWT authorities from another; what is served has both. Which trust domains are trusted
 * is up to the first one. The own one may be among the configured ones.
 */
record OfferedTrust(@Nullable TrustBundle x509, Map<TrustDomain, TrustBundle> federated,
		Map<TrustDomain, TrustBundle> jwt, @Nullable TrustBundle own, Set<X509Authority> known,
		SpireStatus.@Nullable Bundle shown, Federation configured) {

	static OfferedTrust of(List<TrustDomain> configured) {
		return new OfferedTrust(null, Map.of(), Map.of(), null, Set.of(), null, Federation.of(configured));
	}

	OfferedTrust offered(TrustBundle x509, Map<TrustDomain, TrustBundle> federated, Instant at) {
		Set<X509Authority> authorities = Set.copyOf(x509.x509Authorities());
		long generation = (this.shown != null) ? this.shown.generation() : 0;
		SpireStatus.Bundle shown = SpireStatus.Bundle
			.builder(x509.x509Authorities().size(), authorities.equals(this.known) ? generation : generation + 1)
			.refreshedAt(at)
			.build();
		return merged(x509, federated, this.jwt, authorities, shown, at);
	}

	OfferedTrust with(Map<TrustDomain, TrustBundle> jwt, Instant at) {
		return (this.x509 != null) ? merged(this.x509, this.federated, jwt, this.known, this.shown, at)
				: new OfferedTrust(null, this.federated, jwt, null, this.known, this.shown, this.configured);
	}

	/**
	 * The JWT authorities are not served meanwhile, but remain the last word of their
	 * stream: an agent that hands them out to everybody holds it open, and does not
	 * repeat them.
	 */
	OfferedTrust withdrawn() {
		return new OfferedTrust(null, Map.of(), this.jwt, null, this.known, this.shown,
				new Federation(this.configured.domains().stream().map(OfferedTrust::forgotten).toList()));
	}

	private OfferedTrust merged(TrustBundle x509, Map<TrustDomain, TrustBundle> federated,
			Map<TrustDomain, TrustBundle> jwt, Set<X509Authority> known, SpireStatus.@Nullable Bundle shown,
			Instant at) {
		TrustBundle own = merged(x509, jwt);
		List<Federation.Domain> domains = this.configured.domains()
			.stream()
			.map((domain) -> domain.trustDomain().equals(x509.trustDomain()) ? forgotten(domain)
					: judged(domain, federated, jwt, at))
			.toList();
		return new OfferedTrust(x509, federated, jwt, own.equals(this.own) ? this.own : own, known, shown,
				new Federation(domains));
	}

	private static Federation.Domain forgotten(Federation.Domain domain) {
		return (domain.bundle() != null) ? domain.forgotten() : domain;
	}

	private static Federation.Domain judged(Federation.Domain domain, Map<TrustDomain, TrustBundle> federated,
			Map<TrustDomain, TrustBundle> jwt, Instant at) {
		TrustBundle offered = federated.get(domain.trustDomain());
		return (offered != null) ? domain.answered(merged(offered, jwt), at)
				: domain.distrusted(FederationState.NOT_FEDERATED, at);
	}

	private static TrustBundle merged(TrustBundle x509, Map<TrustDomain, TrustBundle> jwt) {
		TrustBundle its = jwt.get(x509.trustDomain());
		List<JwtAuthority> authorities = (its != null) ? its.jwtAuthorities() : List.of();
		return TrustBundle.of(x509.trustDomain(), x509.x509Authorities(), authorities, null, null);
	}

	/**
	 * Without the own one: which that is comes with the first X.509-SVID, and may change
	 * with any other.
	 */
	Federation federation() {
		return new Federation(
				this.configured.domains().stream().filter((domain) -> !isOwn(domain.trustDomain())).toList());
	}

	boolean isOwn(TrustDomain trustDomain) {
		return this.x509 != null && this.x509.trustDomain().equals(trustDomain);
	}

}
