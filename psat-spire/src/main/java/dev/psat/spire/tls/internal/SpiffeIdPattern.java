package dev.psat.spire.tls.internal;

import java.util.Objects;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;

/**
 * Pattern for one SPIFFE ID, or for all IDs below a path:
 * {@code spiffe://example.org/ns/shop/*}, where the star is the last segment and stands
 * for one or more. It never matches IDs that SPIRE reserves for servers and agents.
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
	 * @throws IllegalArgumentException if it is malformed, or does not name workloads
	 */
	public static SpiffeIdPattern parse(String pattern) {
		Objects.requireNonNull(pattern, "'pattern' must not be null");
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
					"%s is under '/spire', which is reserved for servers and agents".formatted(pattern));
		}
		return new SpiffeIdPattern(id, below);
	}

	public TrustDomain trustDomain() {
		return this.id.trustDomain();
	}

	public boolean matches(SpiffeId id) {
		Objects.requireNonNull(id, "'id' must not be null");
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
