package dev.psat.spire.autoconfigure.authorization.internal;

import java.util.Set;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.internal.SpiffeIdPattern;
import org.jspecify.annotations.Nullable;

/**
 * What may be on a list, be it that of a property or of a file. Public only for the
 * auto-configuration.
 *
 * @param own the own trust domain, {@code null} if only the identity will tell it
 * @param federated the trust domains whose workloads may be listed besides those of the
 * own one
 * @since 0.1.0
 */
public record ItemRules(@Nullable TrustDomain own, Set<TrustDomain> federated) {

	/**
	 * Create rules.
	 */
	public ItemRules {
		federated = Set.copyOf(federated);
	}

	/**
	 * Check an item of a list.
	 * @param item the item
	 * @return the item
	 * @throws IllegalArgumentException if it is malformed, or of another trust domain
	 */
	public String check(String item) {
		return pattern(item).toString();
	}

	SpiffeIdPattern pattern(String item) {
		SpiffeIdPattern pattern = SpiffeIdPattern.parse(item);
		TrustDomain trustDomain = pattern.trustDomain();
		if (this.own != null && !isKnown(trustDomain, this.own)) {
			throw new IllegalArgumentException(
					"%s does not belong to the trust domain '%s', and 'spire.federates-with' does not list '%s'"
						.formatted(item, this.own, trustDomain));
		}
		return pattern;
	}

	/**
	 * Return whether workloads of a trust domain could ever connect.
	 * @param trustDomain the trust domain
	 * @param own the own trust domain, once it is known
	 * @return whether it is the own one, or a federated one
	 */
	boolean isKnown(TrustDomain trustDomain, TrustDomain own) {
		return trustDomain.equals(own) || this.federated.contains(trustDomain);
	}

}
