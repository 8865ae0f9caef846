package dev.psat.spire.security;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.TestIdentity;

/**
 * An identity of {@code example.org} that federates as a test says.
 */
class FederatedIdentity implements SpireIdentity {

	static final TrustDomain PARTNER = TrustDomain.of("partner.org");

	static final String BILLING = "spiffe://partner.org/ns/pay/sa/billing";

	private final TestIdentity own = new TestIdentity();

	private final Map<TrustDomain, FederationState> states = new ConcurrentHashMap<>();

	private final Map<TrustDomain, TrustBundle> bundles = new ConcurrentHashMap<>();

	/**
	 * Have a trust bundle of the own trust domain.
	 */
	void trust(JwtAuthority... authorities) {
		this.own.trust(new SvidMint().bundleWith(authorities));
	}

	void trustNobody() {
		this.own.trust(null);
	}

	/**
	 * Trust another trust domain.
	 */
	void federate(TrustDomain trustDomain, JwtAuthority... authorities) {
		federate(trustDomain,
				TrustBundle.of(trustDomain, new SvidMint().bundle().x509Authorities(), List.of(authorities), 0L, null));
	}

	void federate(TrustDomain trustDomain, TrustBundle bundle) {
		this.bundles.put(trustDomain, bundle);
		this.states.put(trustDomain, FederationState.TRUSTED);
	}

	/**
	 * Do not trust another trust domain, or no longer.
	 */
	void federate(TrustDomain trustDomain, FederationState state) {
		this.bundles.remove(trustDomain);
		this.states.put(trustDomain, state);
	}

	/**
	 * Trust another trust domain, and do not say so.
	 */
	void federateUntold(TrustDomain trustDomain, JwtAuthority... authorities) {
		federate(trustDomain, authorities);
		this.states.remove(trustDomain);
	}

	@Override
	public X509Svid x509Svid() {
		return this.own.x509Svid();
	}

	@Override
	public JwtSvid jwtSvid(String audience, String... more) {
		return this.own.jwtSvid(audience, more);
	}

	@Override
	public TrustBundle trustBundle() {
		return this.own.trustBundle();
	}

	@Override
	public TrustBundle trustBundle(TrustDomain trustDomain) {
		TrustBundle bundle = this.bundles.get(trustDomain);
		if (bundle == null) {
			throw new SvidUnavailableException("The test does not trust '%s'".formatted(trustDomain), SpireState.READY,
					"Trust it.");
		}
		return bundle;
	}

	@Override
	public SpireStatus status() {
		return SpireStatus.builder(SpireState.READY)
			.federation(this.states.entrySet()
				.stream()
				.map((entry) -> federation(entry.getKey(), entry.getValue()))
				.toList())
			.build();
	}

	private static SpireStatus.Federation federation(TrustDomain trustDomain, FederationState state) {
		return SpireStatus.Federation.builder(trustDomain, state, 1).x509AuthorityCount(1).jwtAuthorityCount(1).build();
	}

}
