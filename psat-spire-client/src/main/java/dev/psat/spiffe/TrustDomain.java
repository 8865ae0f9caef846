package dev.psat.spiffe;

import java.util.Objects;
import java.util.regex.Pattern;

import dev.psat.spiffe.internal.Quoted;
import org.jspecify.annotations.Nullable;

/**
 * The name of a trust domain, such as {@code example.org}. Instances are immutable.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md#21-trust-domain">SPIFFE-ID,
 * section 2.1</a>
 */
public final class TrustDomain {

	private static final int LONGEST = 255;

	private static final Pattern CHARACTERS = Pattern.compile("[a-z0-9._-]*");

	private final String name;

	private TrustDomain(String name) {
		this.name = name;
	}

	/**
	 * Return a trust domain.
	 * @param name the name, or the SPIFFE ID: {@code spiffe://example.org}
	 * @return the trust domain
	 * @throws IllegalArgumentException if the name is invalid
	 */
	public static TrustDomain of(String name) {
		Objects.requireNonNull(name, "'name' must not be null");
		String bare = name.startsWith(SpiffeId.SCHEME) ? name.substring(SpiffeId.SCHEME.length()) : name;
		String problem = problem(bare);
		if (problem != null) {
			throw new IllegalArgumentException(
					"%s is not a valid trust domain: %s".formatted(Quoted.text(name), problem));
		}
		return new TrustDomain(bare);
	}

	static @Nullable String problem(String name) {
		if (name.isEmpty()) {
			return "the name is empty";
		}
		if (name.length() > LONGEST) {
			return "the name has more than %d characters".formatted(LONGEST);
		}
		if (!CHARACTERS.matcher(name).matches()) {
			return "the name may only contain a-z, 0-9, '.', '-' and '_'";
		}
		return null;
	}

	/** Return the name, such as {@code example.org}. */
	public String name() {
		return this.name;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof TrustDomain domain && this.name.equals(domain.name);
	}

	@Override
	public int hashCode() {
		return this.name.hashCode();
	}

	/** Return the name. */
	@Override
	public String toString() {
		return this.name;
	}

}
