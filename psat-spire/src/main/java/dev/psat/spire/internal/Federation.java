package dev.psat.spire.internal;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireStatus;
import org.jspecify.annotations.Nullable;

/** The trust domains with which this application is configured to federate. */
public record Federation(List<Domain> domains) {

	public static final Federation NONE = new Federation(List.of());

	public Federation {
		domains = List.copyOf(domains);
	}

	public static Federation of(List<TrustDomain> configured) {
		return new Federation(configured.stream().map(Domain::of).toList());
	}

	/** Without an X.509-SVID in force, nobody is trusted. */
	public @Nullable TrustBundle bundle(TrustDomain trustDomain, boolean svidInForce) {
		Domain domain = domain(trustDomain);
		return (domain != null && svidInForce) ? domain.bundle() : null;
	}

	public String absence(TrustDomain trustDomain, boolean svidInForce) {
		Domain domain = domain(trustDomain);
		if (domain == null) {
			return "This application does not federate with '%s'".formatted(trustDomain);
		}
		if (domain.bundle() == null) {
			return domain.absence();
		}
		return svidInForce ? "The trust bundle of '%s' has only just arrived".formatted(trustDomain)
				: "No X.509-SVID is in force, without which '%s' is not trusted".formatted(trustDomain);
	}

	public String advice(TrustDomain trustDomain) {
		Domain domain = domain(trustDomain);
		if (domain == null) {
			return "List it in 'spire.federates-with', and let the registration entry federate with it.";
		}
		return (domain.state() == FederationState.NOT_FEDERATED) ? "Let the registration entry federate with it."
				: "Ask again in a moment: its state is %s.".formatted(domain.state());
	}

	private @Nullable Domain domain(TrustDomain trustDomain) {
		return this.domains.stream()
			.filter((domain) -> domain.trustDomain().equals(trustDomain))
			.findFirst()
			.orElse(null);
	}

	public long generation() {
		return this.domains.stream().mapToLong(Domain::generation).sum();
	}

	public List<SpireStatus.Federation> shown(boolean svidInForce) {
		return this.domains.stream().map((domain) -> domain.shown(svidInForce)).toList();
	}

	/**
	 * What is known of a trust domain; its bundle is {@code null} unless it is trusted.
	 */
	public record Domain(TrustDomain trustDomain, FederationState state, @Nullable TrustBundle bundle,
			@Nullable Instant refreshedAt, long generation, SpireStatus.@Nullable LastError lastError) {

		public static Domain of(TrustDomain trustDomain) {
			return new Domain(trustDomain, FederationState.UNKNOWN, null, null, 0, null);
		}

		/**
		 * The last answer wins: neither its sequence number nor its order tells which one
		 * is newer.
		 */
		public Domain answered(TrustBundle bundle, Instant at) {
			return bundle.isEmpty() ? distrusted(FederationState.EMPTY, at) : next(FederationState.TRUSTED, bundle, at);
		}

		public Domain distrusted(FederationState state, Instant at) {
			return next(state, null, at);
		}

		private Domain next(FederationState state, @Nullable TrustBundle bundle, Instant at) {
			boolean same = authorities(bundle).equals(authorities(this.bundle));
			return new Domain(this.trustDomain, state, bundle, at, same ? this.generation : this.generation + 1, null);
		}

		public Domain failed(SpireStatus.LastError error) {
			return new Domain(this.trustDomain, this.state, this.bundle, this.refreshedAt, this.generation, error);
		}

		public Domain forgotten() {
			return new Domain(this.trustDomain, FederationState.UNKNOWN, null, this.refreshedAt, this.generation + 1,
					this.lastError);
		}

		private static Set<Object> authorities(@Nullable TrustBundle bundle) {
			return (bundle != null) ? Set.of(Set.copyOf(bundle.x509Authorities()), Set.copyOf(bundle.jwtAuthorities()))
					: Set.of();
		}

		public String absence() {
			return switch (this.state) {
				case NOT_FEDERATED -> "The registration entry of this application does not federate with '%s'"
					.formatted(this.trustDomain);
				case NO_BUNDLE -> "The SPIRE Server has no trust bundle of '%s'".formatted(this.trustDomain);
				case EMPTY -> "The trust bundle of '%s' is empty, with which it has revoked everything"
					.formatted(this.trustDomain);
				case UNKNOWN,
						TRUSTED ->
					(this.lastError != null)
							? "The trust bundle of '%s' has not been provided: %s".formatted(this.trustDomain,
									this.lastError.message())
							: "The trust bundle of '%s' has not been provided yet".formatted(this.trustDomain);
			};
		}

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

}
