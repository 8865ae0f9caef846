package dev.psat.spire.internal;

import java.util.List;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireStatus;
import org.jspecify.annotations.Nullable;

/**
 * What is known of all trust domains with which this application is configured to
 * federate.
 */
public record Federation(List<FederatedDomain> domains) {

	/** With nobody. */
	public static final Federation NONE = new Federation(List.of());

	public Federation {
		domains = List.copyOf(domains);
	}

	/**
	 * Create what is known before anything is.
	 */
	public static Federation of(List<TrustDomain> configured) {
		return new Federation(configured.stream().map(FederatedDomain::of).toList());
	}

	/**
	 * Return the trust bundle of a trust domain.
	 * @param svidInForce whether an X.509-SVID is in force, without which nobody is
	 * trusted
	 * @return the trust bundle, {@code null} if the trust domain is not trusted
	 */
	public @Nullable TrustBundle bundle(TrustDomain trustDomain, boolean svidInForce) {
		FederatedDomain domain = domain(trustDomain);
		return (domain != null && svidInForce) ? domain.bundle() : null;
	}

	/**
	 * Return why a trust domain is not trusted.
	 */
	public String absence(TrustDomain trustDomain, boolean svidInForce) {
		FederatedDomain domain = domain(trustDomain);
		if (domain == null) {
			return "This application does not federate with '%s'".formatted(trustDomain);
		}
		if (domain.bundle() == null) {
			return domain.absence();
		}
		return svidInForce ? "The trust bundle of '%s' has only just arrived".formatted(trustDomain)
				: "No X.509-SVID is in force, without which '%s' is not trusted".formatted(trustDomain);
	}

	/**
	 * Return what to do about a trust domain that is not trusted.
	 */
	public String advice(TrustDomain trustDomain) {
		FederatedDomain domain = domain(trustDomain);
		if (domain == null) {
			return "List it in 'spire.federates-with', and let the registration entry federate with it.";
		}
		return (domain.state() == FederationState.NOT_FEDERATED) ? "Let the registration entry federate with it."
				: "Ask again in a moment: its state is %s.".formatted(domain.state());
	}

	private @Nullable FederatedDomain domain(TrustDomain trustDomain) {
		return this.domains.stream()
			.filter((domain) -> domain.trustDomain().equals(trustDomain))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Return how often the authorities of any of them have changed.
	 */
	public long generation() {
		return this.domains.stream().mapToLong(FederatedDomain::generation).sum();
	}

	/**
	 * Return what the status says of them.
	 */
	public List<SpireStatus.Federation> shown(boolean svidInForce) {
		return this.domains.stream().map((domain) -> domain.shown(svidInForce)).toList();
	}

}
