package dev.psat.actuate.endpoint;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.util.Assert;

import dev.psat.token.TokenSource;
import dev.psat.token.TokenStatus;

/**
 * {@link Endpoint @Endpoint} that shows the state of the token, and never the token.
 * Where write access is granted, it also looks for another token. Further sources of the
 * application are shown each by its name.
 *
 * @since 0.1.0
 */
@Endpoint(id = PsatEndpoint.ID, defaultAccess = Access.READ_ONLY)
public final class PsatEndpoint {

	/** Name of the default source, too. */
	static final String ID = "psat";

	private final Map<String, TokenSource> sources = new LinkedHashMap<>();

	private final TokenSource source;

	private final boolean enabled;

	private final @Nullable String cluster;

	private final Map<String, PsatEndpointContributor> contributors = new LinkedHashMap<>();

	/**
	 * Create an endpoint that shows one source and nothing else.
	 * @param source the source of tokens
	 * @param enabled whether attestation is enabled; if not, nothing else is shown
	 * @param cluster name of the cluster, if known
	 */
	public PsatEndpoint(TokenSource source, boolean enabled, @Nullable String cluster) {
		this(source, enabled, cluster, Collections.emptyMap(), Collections.emptyList());
	}

	/**
	 * Create an endpoint.
	 * @param source the default source of tokens
	 * @param enabled whether attestation is enabled; if not, neither token nor parts are
	 * shown
	 * @param cluster name of the cluster, if known
	 * @param furtherSources further sources by their names
	 * @param contributors what adds parts to the document
	 */
	public PsatEndpoint(TokenSource source, boolean enabled, @Nullable String cluster,
			Map<String, TokenSource> furtherSources, Collection<PsatEndpointContributor> contributors) {
		this.source = source;
		this.enabled = enabled;
		this.cluster = cluster;
		this.sources.put(ID, source);
		this.sources.putAll(furtherSources);
		for (PsatEndpointContributor contributor : contributors) {
			String name = contributor.name();
			Assert.state(
					!PsatDescriptor.MEMBERS.contains(name) && this.contributors.putIfAbsent(name, contributor) == null,
					() -> "The endpoint '%s' has a part named '%s' already".formatted(ID, name));
		}
	}

	/**
	 * Show the present state.
	 * @return the state
	 */
	@ReadOperation
	public PsatDescriptor psat() {
		return this.enabled ? describe(this.source.status()) : disabled();
	}

	/**
	 * Show the present state of one source.
	 * @param source name of the source, {@code psat} for the default one
	 * @return the state, or {@code null} if there is no such source
	 */
	@ReadOperation
	public @Nullable PsatSourceDescriptor source(@Selector String source) {
		TokenSource found = this.sources.get(source);
		return (found != null) ? PsatSourceDescriptor.of(found.status()) : null;
	}

	/**
	 * Look for another token now.
	 * @return the state after the look
	 */
	@WriteOperation
	public PsatDescriptor refresh() {
		return this.enabled ? describe(this.source.refresh()) : disabled();
	}

	private PsatDescriptor describe(TokenStatus status) {
		Map<String, Object> parts = new LinkedHashMap<>();
		this.contributors.forEach((name, contributor) -> {
			Object part = contributor.contribute();
			if (part != null) {
				parts.put(name, part);
			}
		});
		return PsatDescriptor.of(this.cluster, status, sourceNames(), parts);
	}

	private PsatDescriptor disabled() {
		return PsatDescriptor.disabled(this.cluster, sourceNames());
	}

	private List<String> sourceNames() {
		return (this.sources.size() > 1) ? List.copyOf(this.sources.keySet()) : Collections.emptyList();
	}

}
