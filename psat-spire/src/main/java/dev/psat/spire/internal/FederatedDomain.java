package dev.psat.spire.internal;

import java.time.Instant;
import java.util.Set;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireStatus;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a trust domain with which this application is configured to federate.
 *
 * @param trustDomain the trust domain
 * @param state what is known of it
 * @param bundle its trust bundle, {@code null} unless it is trusted
 * @param refreshedAt when that was last known, {@code null} before the first answer
 * @param generation how many different sets of authorities there have been
 * @param lastError the last error since the last answer, {@code null} if there is none
 */
public record FederatedDomain(TrustDomain trustDomain, FederationState state, @Nullable TrustBundle bundle,
		@Nullable Instant refreshedAt, long generation, SpireStatus.@Nullable LastError lastError) {

	public static FederatedDomain of(TrustDomain trustDomain) {
		return new FederatedDomain(trustDomain, FederationState.UNKNOWN, null, null, 0, null);
	}

	/**
	 * Trust a bundle, unless it is empty. The last answer wins: neither its sequence
	 * number nor its order tells which one is newer.
	 */
	public FederatedDomain answered(TrustBundle bundle, Instant at) {
		return bundle.isEmpty() ? distrusted(FederationState.EMPTY, at) : next(FederationState.TRUSTED, bundle, at);
	}

	public FederatedDomain distrusted(FederationState state, Instant at) {
		return next(state, null, at);
	}

	private FederatedDomain next(FederationState state, @Nullable TrustBundle bundle, Instant at) {
		boolean same = authorities(bundle).equals(authorities(this.bundle));
		return new FederatedDomain(this.trustDomain, state, bundle, at, same ? this.generation : this.generation + 1,
				null);
	}

	/**
	 * Keep what is known, since the server has not answered.
	 */
	public FederatedDomain failed(SpireStatus.LastError error) {
		return new FederatedDomain(this.trustDomain, this.state, this.bundle, this.refreshedAt, this.generation, error);
	}

	/**
	 * Keep nothing but that the server was once heard of it.
	 */
	public FederatedDomain forgotten() {
		return new FederatedDomain(this.trustDomain, FederationState.UNKNOWN, null, this.refreshedAt,
				this.generation + 1, this.lastError);
	}

	private static Set<Object> authorities(@Nullable TrustBundle bundle) {
		return (bundle != null) ? Set.of(Set.copyOf(bundle.x509Authorities()), Set.copyOf(bundle.jwtAuthorities()))
				: Set.of();
	}

	/**
	 * Return why the trust domain is not trusted.
	 */
	public String absence() {
		return switch (this.state) {
			case NOT_FEDERATED ->
				"The registration entry of this application does not federate with '%s'".formatted(this.trustDomain);
			case NO_BUNDLE -> "The SPIRE Server has no trust bundle of '%s'".formatted(this.trustDomain);
			case EMPTY ->
				"The trust bundle of '%s' is empty, with which it has revoked everything".formatted(this.trustDomain);
			case UNKNOWN,
					TRUSTED ->
				(this.lastError != null)
						? "The trust bundle of '%s' has not been provided: %s".formatted(this.trustDomain,
								this.lastError.message())
						: "The trust bundle of '%s' has not been provided yet".formatted(this.trustDomain);
		};
	}

	/**
	 * Return what the status says of it.
	 * @param svidInForce whether an X.509-SVID is in force, without which nobody is
	 * trusted
	 */
	public SpireStatus.Federation shown(boolean svidInForce) {
		TrustBundle bundle = svidInForce ? this.bundle : null;
		FederationState state = (this.state == FederationState.TRUSTED && bundle == null) ? FederationState.UNKNOWN
				: this.state;
		return SpireStatus.Federation.builder(this.trustDomain, state, this.generation)
			.x509AuthorityCount((bundle != null) ? bundle.x509Authorities().size() : 0)
			.jwtAuthorityCount((bundle != null) ? bundle.jwtAuthorities().size() : 0)
			.refreshedAt(this.refreshedAt)
			.lastError(this.lastError)
			.build();
	}

}
