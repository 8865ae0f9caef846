package dev.psat.support.agent;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What an entry has besides its SPIFFE ID.
 *
 * @param hint the hint, {@code null} for none
 * @param x509SvidTtl how long its X.509-SVIDs live, {@code null} for ten minutes
 * @param federated whether it federates with {@link AgentUnderTest#PARTNER}
 */
public record EntryOptions(@Nullable String hint, @Nullable Duration x509SvidTtl, boolean federated) {

	public static final EntryOptions NONE = new EntryOptions(null, null, false);

	public EntryOptions withHint(String hint) {
		return new EntryOptions(hint, this.x509SvidTtl, this.federated);
	}

	public EntryOptions withX509SvidTtl(Duration ttl) {
		return new EntryOptions(this.hint, ttl, this.federated);
	}

	public EntryOptions federating() {
		return new EntryOptions(this.hint, this.x509SvidTtl, true);
	}

}
