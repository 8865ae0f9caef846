package dev.psat;

import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.psat.token.ProjectedToken;
import dev.psat.token.SourceState;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenUnavailableException;

/**
 * Makes a payload of the token that a source has now.
 */
final class TokenSourceAttestor implements PsatAttestor {

	private final String cluster;

	private final TokenSource source;

	private final List<String> audiences;

	private volatile @Nullable CachedPayload cached;

	TokenSourceAttestor(String cluster, TokenSource source, Collection<String> audiences) {
		this.cluster = ClusterName.check(cluster);
		this.source = source;
		this.audiences = List.copyOf(audiences);
	}

	@Override
	public AttestationPayload payload() {
		ProjectedToken token = this.source.current();
		CachedPayload cached = this.cached;
		if (cached == null || cached.token() != token) {
			cached = make(token);
			this.cached = cached;
		}
		return cached.payload();
	}

	private CachedPayload make(ProjectedToken token) {
		if (!token.claims().isMeantFor(this.audiences)) {
			throw new TokenUnavailableException("The token is not meant for any of " + this.audiences,
					this.source.status().tokenState(), SourceState.WRONG_AUDIENCE,
					"Give this attestor a source of tokens for one of its audiences: what it sends reaches them alone.");
		}
		return new CachedPayload(token, AttestationPayload.of(this.cluster, token));
	}

	private record CachedPayload(ProjectedToken token, AttestationPayload payload) {

	}

}
