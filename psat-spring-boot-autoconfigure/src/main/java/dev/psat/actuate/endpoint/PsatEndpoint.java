package dev.psat.actuate.endpoint;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.psat.PsatAttestor;
import dev.psat.status.SafeStatus;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.util.Assert;

/**
 * {@link Endpoint @Endpoint} to expose the state of the token, but never the token
 * itself. If write access is granted, it can also look for a new token. Additional
 * sources of the application are exposed by name.
 *
 * @since 0.1.0
 */
@Endpoint(id = PsatEndpoint.ID, defaultAccess = Access.READ_ONLY)
public final class PsatEndpoint {

	/** Also the name of the default source. */
	static final String ID = "psat";

	private final Map<String, TokenSource> furtherSources;

	private final TokenSource source;

	private final PsatAttestor attestor;

	private final boolean enabled;

	private final @Nullable String cluster;

	private final EndpointParts parts;

	/**
	 * Create an endpoint.
	 * @param source the default source of tokens
	 * @param attestor the attestor; if it refuses a payload, the reason is shown
	 * @param enabled whether attestation is enabled; if not, neither the default source
	 * nor parts are shown
	 * @param cluster the name of the cluster, if known
	 * @param furtherSources the additional sources by name
	 * @param contributors the contributors of additional parts
	 */
	public PsatEndpoint(TokenSource source, PsatAttestor attestor, boolean enabled, @Nullable String cluster,
			Map<String, TokenSource> furtherSources, Collection<PsatEndpointContributor> contributors) {
		Assert.notNull(source, "'source' must not be null");
		Assert.notNull(attestor, "'attestor' must not be null");
		Assert.notNull(furtherSources, "'furtherSources' must not be null");
		Assert.notNull(contributors, "'contributors' must not be null");
		this.source = source;
		this.attestor = attestor;
		this.enabled = enabled;
		this.cluster = cluster;
		this.furtherSources = Collections.unmodifiableMap(new LinkedHashMap<>(furtherSources));
		this.parts = new EndpointParts(contributors);
	}

	/**
	 * Return the current state.
	 * @return the state
	 */
	@ReadOperation
	public PsatDescriptor psat() {
		return describe(this.source::status);
	}

	/**
	 * Return the current state of one source.
	 * @param source the name of the source, {@code psat} for the default one
	 * @return the state, or {@code null} if there is no such source; there is no default
	 * one if attestation is disabled
	 */
	@ReadOperation
	public @Nullable PsatSourceDescriptor source(@Selector String source) {
		if (source.equals(ID)) {
			return this.enabled ? PsatSourceDescriptor.of(ask(this.source::status)) : null;
		}
		TokenSource further = this.furtherSources.get(source);
		return (further != null) ? PsatSourceDescriptor.of(SafeStatus.of(further::status)) : null;
	}

	/**
	 * Look for a new token now.
	 * @return the state after the look
	 */
	@WriteOperation
	public PsatDescriptor refresh() {
		return describe(this.source::refresh);
	}

	private PsatDescriptor describe(Supplier<TokenStatus> question) {
		return this.enabled ? PsatDescriptor.of(this.cluster, ask(question), sourceNames(), this.parts.contribute())
				: PsatDescriptor.disabled(this.cluster);
	}

	private TokenStatus ask(Supplier<TokenStatus> question) {
		TokenStatus status = SafeStatus.of(question);
		return SafeStatus.withRefusal(status, SafeStatus.refusal(this.attestor));
	}

	private List<String> sourceNames() {
		return this.furtherSources.isEmpty() ? Collections.emptyList()
				: Stream.concat(Stream.of(ID), this.furtherSources.keySet().stream()).toList();
	}

}
