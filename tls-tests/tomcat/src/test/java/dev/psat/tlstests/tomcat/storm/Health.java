package dev.psat.tlstests.tomcat.storm;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a member shows that all is well, and has what its servers have.
 *
 * @param member the member
 * @param partner the trust domain with which it federates
 */
record Health(Member member, Realm partner) {

	/** What two clocks and a second that was cut off may come to. */
	private static final Duration MARGIN = Duration.ofSeconds(2);

	/**
	 * Return what is not well.
	 * @param generation the generation of an SVID that is too old
	 * @return what is not well, {@code null} if nothing is
	 */
	@Nullable String complaint(long generation) {
		SpireStatus status = this.member.status();
		if (status.state() != SpireState.READY || status.lastError() != null) {
			return "state";
		}
		SpireStatus.Svid svid = status.svid();
		if (svid == null || svid.generation() <= generation
				|| svid.expiresAt().isAfter(Instant.now().plus(Realm.SVID_LIFE).plus(MARGIN))) {
			return "SVID";
		}
		if (status.clockSkew() != null && !status.clockSkew().isZero()) {
			return "clock";
		}
		List<SpireStatus.Federation> federation = status.federation();
		if (federation.size() != 1 || federation.get(0).state() != FederationState.TRUSTED
				|| federation.get(0).lastError() != null) {
			return "federation";
		}
		return has(this.member, this.member.realm()) && has(this.member, this.partner) ? null : "trust bundles";
	}

	/**
	 * Return whether a member has the trust bundle that a server has.
	 * @param member the member
	 * @param realm the trust domain of the server
	 */
	static boolean has(Member member, Realm realm) {
		try {
			TrustBundle known = member.identity().trustBundle(TrustDomain.of(realm.name()));
			TrustBundle current = realm.bundle();
			return known.x509Authorities().equals(current.x509Authorities()) && keyIds(known).equals(keyIds(current));
		}
		catch (SvidUnavailableException ex) {
			return false;
		}
	}

	private static Set<String> keyIds(TrustBundle bundle) {
		return bundle.jwtAuthorities().stream().map(JwtAuthority::keyId).collect(Collectors.toSet());
	}

}
