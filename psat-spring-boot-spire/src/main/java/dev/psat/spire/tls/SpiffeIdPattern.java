package dev.psat.spire.tls;

import dev.psat.spire.client.SpiffeId;
import dev.psat.spire.client.TrustDomain;

import org.jspecify.annotations.Nullable;

/**
 * One SPIFFE ID, or all IDs below a path: {@code spiffe://example.org/ns/shop/*}, where
 * the star is the last segment and stands for one or more. Immutable. Never matches what
 * SPIRE keeps for servers and agents.
 *
 * @since 0.1.0
 */
public final class SpiffeIdPattern {

	private static final String ALL_BELOW = "/*";

	private final SpiffeId id;

	private final boolean below;

	private SpiffeIdPattern(SpiffeId id, boolean below) {
		this.id = id;
		this.below = below;
	}

	/**
	 * Parse a pattern.
	 * @param pattern the pattern
	 * @param trustDomain the trust domain that it must belong to, {@code null} for any
	 * @return the pattern
	 * @throws IllegalArgumentException if it is malformed, belongs to another trust
	 * domain, or names what is no workload
	 */
	public static SpiffeIdPattern parse(String pattern, @Nullable TrustDomain trustDomain) {
		boolean below = pattern.endsWith(ALL_BELOW);
		String text = below ? pattern.substring(0, pattern.length() - ALL_BELOW.length()) : pattern;
		if (text.indexOf('*') != -1) {
			throw new IllegalArgumentException(
					"'*' may only be the whole last segment, as in 'spiffe://example.org/ns/shop/*'");
		}
		SpiffeId id = SpiffeId.parse(text);
		if (id.path().isEmpty()) {
			throw new IllegalArgumentException(
					"%s names a whole trust domain: list workloads instead".formatted(pattern));
		}
		if (id.isReserved()) {
			throw new IllegalArgumentException(
					"%s is under '/spire', which is for servers and agents alone".formatted(pattern));
		}
		if (trustDomain != null && !id.trustDomain().equals(trustDomain)) {
			throw new IllegalArgumentException(
					"%s is not of the trust domain '%s'".formatted(pattern, trustDomain.name()));
		}
		return new SpiffeIdPattern(id, below);
	}

	/**
	 * Return whether this pattern stands for an ID.
	 * @param id the ID
	 * @return whether it does
	 */
	public boolean matches(SpiffeId id) {
		if (!this.below) {
			return id.equals(this.id);
		}
		return id.trustDomain().equals(this.id.trustDomain()) && id.path().startsWith(this.id.path() + "/");
	}

	@Override
	public String toString() {
		return this.below ? this.id + ALL_BELOW : this.id.toString();
	}

}
