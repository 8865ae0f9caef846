package dev.psat;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

import dev.psat.token.ProjectedToken;
import dev.psat.token.SourceState;
import dev.psat.token.TokenClaims;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenStatus;
import dev.psat.token.TokenUnavailableException;
import org.jspecify.annotations.Nullable;

final class TokenSourceAttestor implements PsatAttestor {

	private final String cluster;

	private final TokenSource source;

	private final List<String> audiences;

	private volatile @Nullable AttestationPayload cached;

	TokenSourceAttestor(String cluster, TokenSource source, Collection<String> audiences) {
		this.cluster = ClusterName.check(cluster);
		Objects.requireNonNull(source, "'source' must not be null");
		Objects.requireNonNull(audiences, "'audiences' must not be null");
		this.source = source;
		this.audiences = List.copyOf(audiences);
	}

	@Override
	public AttestationPayload payload() {
		ProjectedToken token = this.source.current();
		AttestationPayload payload = this.cached;
		if (payload == null || !payload.isOf(token)) {
			payload = make(token);
			this.cached = payload;
		}
		return payload;
	}

	/**
	 * Checks the status rather than the token, since asking for a token may wait for a
	 * look.
	 */
	@Override
	public @Nullable TokenUnavailableException refusal() {
		TokenStatus status = this.source.status();
		if (!status.tokenState().isInForce()) {
			return notInForce(status);
		}
		TokenStatus.Token token = status.token();
		TokenClaims claims = (token != null) ? token.claims() : TokenClaims.NONE;
		return claims.isMeantFor(this.audiences) ? null : otherAudience(status);
	}

	private AttestationPayload make(ProjectedToken token) {
		if (!token.claims().isMeantFor(this.audiences)) {
			throw otherAudience(this.source.status());
		}
		return AttestationPayload.of(this.cluster, token);
	}

	private static TokenUnavailableException notInForce(TokenStatus status) {
		String message = status.message();
		String advice = status.advice();
		return new TokenUnavailableException((message != null) ? message : "There is no token in force",
				status.tokenState(), status.sourceState(),
				(advice != null) ? advice : "Try again: the source may not have looked for one yet.");
	}

	private TokenUnavailableException otherAudience(TokenStatus status) {
		return new TokenUnavailableException("The token is not meant for any of " + this.audiences, status.tokenState(),
				SourceState.WRONG_AUDIENCE, "Give this attestor a source whose tokens carry one of its audiences.");
	}

}
