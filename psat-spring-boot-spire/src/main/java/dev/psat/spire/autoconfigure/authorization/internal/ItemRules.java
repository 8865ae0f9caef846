package dev.psat.spire.autoconfigure.authorization.internal;

import java.util.Set;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.internal.SpiffeIdPattern;
import org.jspecify.annotations.Nullable;

/**
 * What may be on a list.
 *
 * @param own the own trust domain, {@code null} if only the identity will tell it
 * @param federated the trust domains whose workloads may be listed besides
 */
public record ItemRules(@Nullable TrustDomain own, Set<TrustDomain> federated) {

	public ItemRules {
		federated = Set.copyOf(federated);
	}

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

	boolean isKnown(TrustDomain trustDomain, TrustDomain own) {
		return trustDomain.equals(own) || this.federated.contains(trustDomain);
	}

}
