package dev.psat.spiffe;

import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Pattern;

import dev.psat.spiffe.internal.Quoted;
import org.jspecify.annotations.Nullable;

/**
 * A SPIFFE ID, which consists of a trust domain and a path that identifies a member of
 * it. Instances are immutable.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md#2-spiffe-identity">SPIFFE-ID,
 * section 2</a>
 */
public final class SpiffeId {

	static final String SCHEME = "spiffe://";

	private static final int LONGEST = 2048;

	private static final String RESERVED = "/spire/";

	private static final Pattern CHARACTERS = Pattern.compile("[a-zA-Z0-9._/-]*");

	private final TrustDomain trustDomain;

	private final String path;

	private SpiffeId(TrustDomain trustDomain, String path) {
		this.trustDomain = trustDomain;
		this.path = path;
	}

	/**
	 * Parse a SPIFFE ID. Scheme and trust domain must be lower case.
	 * @param id the ID, such as {@code spiffe://example.org/ns/shop/sa/orders}
	 * @return the ID
	 * @throws IllegalArgumentException if it is malformed
	 */
	public static SpiffeId parse(String id) {
		Objects.requireNonNull(id, "'id' must not be null");
		if (!id.startsWith(SCHEME)) {
			throw invalid(id, "it does not begin with " + SCHEME);
		}
		int slash = id.indexOf('/', SCHEME.length());
		int end = (slash != -1) ? slash : id.length();
		String name = id.substring(SCHEME.length(), end);
		String problem = TrustDomain.problem(name);
		if (problem != null) {
			throw invalid(id, "its trust domain is not valid, since " + problem);
		}
		return of(TrustDomain.of(name), id.substring(end));
	}

	/**
	 * Return the SPIFFE ID of a member of a trust domain.
	 * @param trustDomain the trust domain
	 * @param path the path with its leading slash, empty for the trust domain itself
	 * @return the ID
	 * @throws IllegalArgumentException if the path is malformed, or the ID is longer than
	 * 2048 bytes
	 */
	public static SpiffeId of(TrustDomain trustDomain, String path) {
		Objects.requireNonNull(trustDomain, "'trustDomain' must not be null");
		Objects.requireNonNull(path, "'path' must not be null");
		SpiffeId id = new SpiffeId(trustDomain, path);
		String problem = problem(path);
		if (problem != null) {
			throw invalid(id.toString(), problem);
		}
		if (id.toString().length() > LONGEST) {
			throw invalid(id.toString(), "it has more than %d bytes".formatted(LONGEST));
		}
		return id;
	}

	private static @Nullable String problem(String path) {
		if (path.isEmpty()) {
			return null;
		}
		if (!path.startsWith("/")) {
			return "its path does not begin with '/'";
		}
		if (!CHARACTERS.matcher(path).matches()) {
			return "its path may only contain letters, digits, '.', '-', '_' and '/'";
		}
		if (path.endsWith("/")) {
			return "its path ends with '/'";
		}
		return Arrays.stream(path.substring(1).split("/"))
			.anyMatch((segment) -> segment.isEmpty() || segment.equals(".") || segment.equals(".."))
					? "a segment of its path is empty, '.' or '..'" : null;
	}

	private static IllegalArgumentException invalid(String id, String problem) {
		return new IllegalArgumentException("%s is not a valid SPIFFE ID: %s".formatted(Quoted.text(id), problem));
	}

	/** Return the trust domain. */
	public TrustDomain trustDomain() {
		return this.trustDomain;
	}

	/** Return the path with its leading slash, empty for the trust domain itself. */
	public String path() {
		return this.path;
	}

	/**
	 * Return whether SPIRE reserves this ID for its servers and agents: its path is
	 * {@code /spire} or below.
	 */
	public boolean isReserved() {
		return (this.path + "/").startsWith(RESERVED);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof SpiffeId id && this.trustDomain.equals(id.trustDomain) && this.path.equals(id.path);
	}

	@Override
	public int hashCode() {
		return 31 * this.trustDomain.hashCode() + this.path.hashCode();
	}

	/** Return the ID as a URI, such as {@code spiffe://example.org/ns/shop/sa/orders}. */
	@Override
	public String toString() {
		return SCHEME + this.trustDomain + this.path;
	}

}
