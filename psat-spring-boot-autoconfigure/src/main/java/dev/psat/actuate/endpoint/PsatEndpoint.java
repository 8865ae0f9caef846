package dev.psat.actuate.endpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.psat.PsatAttestor;
import dev.psat.status.internal.SafeStatus;
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

	private final @Nullable TokenSource defaultSource;

	private final @Nullable PsatAttestor attestor;

	private final boolean enabled;

	private final @Nullable String cluster;

	/**
	 * Create an endpoint.
	 * @param source the default source of tokens
	 * @param attestor the attestor; if it refuses a payload, the reason is shown
	 * @param enabled whether attestation is enabled; if not, the default source is not
	 * shown
	 * @param cluster the name of the cluster, if known
	 * @param furtherSources the additional sources by name
	 */
	public PsatEndpoint(TokenSource source, PsatAttestor attestor, boolean enabled, @Nullable String cluster,
			Map<String, TokenSource> furtherSources) {
		this(enabled, cluster, furtherSources, source, attestor);
		Assert.notNull(source, "'source' must not be null");
		Assert.notNull(attestor, "'attestor' must not be null");
	}

	private PsatEndpoint(boolean enabled, @Nullable String cluster, Map<String, TokenSource> furtherSources,
			@Nullable TokenSource defaultSource, @Nullable PsatAttestor attestor) {
		Assert.notNull(furtherSources, "'furtherSources' must not be null");
		this.defaultSource = defaultSource;
		this.attestor = attestor;
		this.enabled = enabled;
		this.cluster = cluster;
		this.furtherSources = Collections.unmodifiableMap(new LinkedHashMap<>(furtherSources));
	}

	/**
	 * Create an endpoint of an application that needs no token, and so shows no default
	 * source.
	 * @param furtherSources the additional sources by name
	 * @return the endpoint
	 */
	public static PsatEndpoint withoutToken(Map<String, TokenSource> furtherSources) {
		return new PsatEndpoint(true, null, furtherSources, null, null);
	}

	/** The current state. */
	@ReadOperation
	public PsatDescriptor psat() {
		return describe(TokenSource::status);
	}

	/**
	 * Return the current state of one source.
	 * @param source the name of the source, {@code psat} for the default one
	 * @return the state, or {@code null} if there is no such source; there is no default
	 * one if attestation is disabled, or no token is needed
	 */
	@ReadOperation
	public @Nullable PsatSourceDescriptor source(@Selector String source) {
		if (source.equals(ID)) {
			TokenStatus status = this.enabled ? ask(TokenSource::status) : null;
			return (status != null) ? new PsatSourceDescriptor(status) : null;
		}
		TokenSource further = this.furtherSources.get(source);
		return (further != null) ? new PsatSourceDescriptor(SafeStatus.of(further::status)) : null;
	}

	/**
	 * Look for a new token now.
	 * @return the state after the look
	 */
	@WriteOperation
	public PsatDescriptor refresh() {
		return describe(TokenSource::refresh);
	}

	private PsatDescriptor describe(Function<TokenSource, TokenStatus> question) {
		return this.enabled ? new PsatDescriptor(true, this.cluster, ask(question), sourceNames())
				: new PsatDescriptor(false, this.cluster, null, Collections.emptyList());
	}

	private @Nullable TokenStatus ask(Function<TokenSource, TokenStatus> question) {
		TokenSource source = this.defaultSource;
		if (source == null || this.attestor == null) {
			return null;
		}
		return SafeStatus.withRefusal(SafeStatus.of(() -> question.apply(source)), SafeStatus.refusal(this.attestor));
	}

	private List<String> sourceNames() {
		return this.furtherSources.isEmpty() ? Collections.emptyList()
				: Stream
					.concat((this.defaultSource != null) ? Stream.of(ID) : Stream.empty(),
							this.furtherSources.keySet().stream())
					.toList();
	}

}
