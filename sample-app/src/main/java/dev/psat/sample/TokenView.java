package dev.psat.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.psat.token.SourceState;
import dev.psat.token.TokenClaims;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;
import dev.psat.token.WatchMode;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows of the token, which is not the token itself.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TokenView(TokenState tokenState, @Nullable SourceState sourceState, @Nullable Token token, @Nullable Watch watch,
		@Nullable String message, @Nullable String advice) {

	static TokenView of(TokenStatus status) {
		return new TokenView(status.tokenState(), status.sourceState(), Token.of(status.token()),
				Watch.of(status.watch()), status.message(), status.advice());
	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Token(long generation, String fingerprint, @Nullable Instant issuedAt, Instant expiresAt, Duration expiresIn,
			@Nullable Instant rotationDueAt, Claims claims) {

		static @Nullable Token of(TokenStatus.@Nullable Token token) {
			return (token != null) ? new Token(token.generation(), token.fingerprint(), token.issuedAt(),
					token.expiresAt(), token.expiresIn(), token.rotationDueAt(), Claims.of(token.claims())) : null;
		}

	}

	@JsonInclude(JsonInclude.Include.ALWAYS)
	record Claims(@Nullable String issuer, @Nullable String subject, List<String> audiences, @Nullable String id,
			@Nullable String namespace, TokenClaims.@Nullable Reference serviceAccount,
			TokenClaims.@Nullable Reference pod, TokenClaims.@Nullable Reference node) {

		static Claims of(TokenClaims claims) {
			return new Claims(claims.issuer(), claims.subject(), claims.audiences(), claims.id(), claims.namespace(),
					claims.serviceAccount(), claims.pod(), claims.node());
		}

	}

	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Watch(String path, WatchMode mode, long rotations, @Nullable Instant lastRotatedAt,
			@Nullable Instant lastCheckedAt, long rejectedReads, long missedEvents) {

		static @Nullable Watch of(TokenStatus.@Nullable Watch watch) {
			return (watch != null) ? new Watch(watch.path().toString(), watch.mode(), watch.rotations(),
					watch.lastRotatedAt(), watch.lastCheckedAt(), watch.rejectedReads(), watch.missedEvents()) : null;
		}

	}

}
