package dev.psat.actuate.endpoint;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

import dev.psat.token.TokenSource;

/**
 * {@link Endpoint @Endpoint} that shows the state of the token, and never the token.
 * Where write access is granted, it also looks for another token.
 *
 * @since 0.1.0
 */
@Endpoint(id = "psat", defaultAccess = Access.READ_ONLY)
public final class PsatEndpoint {

	private final TokenSource source;

	private final boolean enabled;

	private final @Nullable String cluster;

	/**
	 * Create an endpoint.
	 * @param source the source of tokens
	 * @param enabled whether attestation is enabled; if not, nothing else is shown
	 * @param cluster name of the cluster, if known
	 */
	public PsatEndpoint(TokenSource source, boolean enabled, @Nullable String cluster) {
		this.source = source;
		this.enabled = enabled;
		this.cluster = cluster;
	}

	/**
	 * Show the present state.
	 * @return the state
	 */
	@ReadOperation
	public PsatDescriptor psat() {
		return this.enabled ? PsatDescriptor.of(this.cluster, this.source.status())
				: PsatDescriptor.disabled(this.cluster);
	}

	/**
	 * Look for another token now.
	 * @return the state after the look
	 */
	@WriteOperation
	public PsatDescriptor refresh() {
		return this.enabled ? PsatDescriptor.of(this.cluster, this.source.refresh())
				: PsatDescriptor.disabled(this.cluster);
	}

}
