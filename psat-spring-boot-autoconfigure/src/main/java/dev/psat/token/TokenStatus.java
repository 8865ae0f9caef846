package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Everything that may be shown about a source and its token at one instant.
 *
 * @param tokenState state of the token in memory
 * @param generation number of the token in memory, {@code 1} for the first; {@code 0} if
 * there is none or its source does not count tokens
 * @param fingerprint see {@link ProjectedToken#fingerprint()}
 * @param issuedAt see {@link ProjectedToken#issuedAt()}
 * @param expiresAt see {@link ProjectedToken#expiresAt()}
 * @param expiresIn time until {@code expiresAt} in whole seconds, rounded down; negative
 * once it has passed
 * @param rotationDueAt when kubelet is due to replace the token, in whole seconds;
 * {@code null} if unknown
 * @param claims the claims, which are not verified
 * @param path path of the file, {@code null} if the source reads none
 * @param sourceState state of the file, {@code null} until the first look
 * @param watch how changes are noticed, {@code null} if the source reads no file
 * @param rotations the number of tokens published after the first one
 * @param lastRotatedAt when the latest rotation was noticed
 * @param lastCheckedAt when the file was last looked at
 * @param rejectedReads how often the content of the file was rejected
 * @param missedEvents how often polling noticed a change that events should have reported
 * @param message what is wrong, {@code null} if nothing is
 * @param advice what to do about it, {@code null} if nothing is wrong
 * @since 0.1.0
 */
public record TokenStatus(TokenState tokenState, long generation, @Nullable String fingerprint,
		@Nullable Instant issuedAt, @Nullable Instant expiresAt, @Nullable Duration expiresIn,
		@Nullable Instant rotationDueAt, @Nullable TokenClaims claims, @Nullable Path path,
		@Nullable SourceState sourceState, @Nullable WatchMode watch, long rotations, @Nullable Instant lastRotatedAt,
		@Nullable Instant lastCheckedAt, long rejectedReads, long missedEvents, @Nullable String message,
		@Nullable String advice) {

	static final TokenStatus NONE = withoutToken(SourceView.NONE, null, null);

	public TokenStatus {
		Assert.notNull(tokenState, "'tokenState' must not be null");
	}

	static TokenStatus of(HeldToken held, SourceView source, @Nullable Path path, @Nullable WatchMode watch,
			Instant now) {
		ProjectedToken token = held.token();
		TokenState state = held.validity().stateAt(now.toEpochMilli());
		Instant dueAt = token.times().rotationDueAt();
		long expiresIn = Math.floorDiv(Duration.between(now, token.expiresAt()).toMillis(), 1000);
		FileProblem problem = source.problem();
		return new TokenStatus(state, held.generation(), token.fingerprint(), token.issuedAt(), token.expiresAt(),
				Duration.ofSeconds(expiresIn), (dueAt != null) ? dueAt.truncatedTo(ChronoUnit.SECONDS) : null,
				token.claims(), path, source.state(), watch, Math.max(0, held.generation() - 1), held.rotatedAt(),
				source.lastCheckedAt(), source.rejectedReads(), source.missedEvents(),
				(problem != null) ? problem.message() : Advice.messageFor(state, held.validity()),
				(problem != null) ? problem.advice() : Advice.forToken(state));
	}

	static TokenStatus withoutToken(SourceView source, @Nullable Path path, @Nullable WatchMode watch) {
		FileProblem problem = source.problem();
		return new TokenStatus(TokenState.NONE, 0, null, null, null, null, null, null, path, source.state(), watch, 0,
				null, source.lastCheckedAt(), source.rejectedReads(), source.missedEvents(),
				(problem != null) ? problem.message() : null, (problem != null) ? problem.advice() : null);
	}

	static TokenStatus of(TokenUnavailableException ex) {
		return new TokenStatus(ex.tokenState(), 0, null, null, null, null, null, null, null, ex.sourceState(), null, 0,
				null, null, 0, 0, ex.getMessage(), ex.advice());
	}

	/**
	 * Return whether a listener that knows another status should learn about this one.
	 * @param other the status that the listener knows
	 * @return whether the token or one of the two states differs
	 */
	boolean differsFrom(TokenStatus other) {
		return differsFrom(other.generation, other.tokenState, other.sourceState);
	}

	/**
	 * Variant for a status that need not be created to be compared.
	 */
	boolean differsFrom(long generation, TokenState tokenState, @Nullable SourceState sourceState) {
		return this.generation != generation || this.tokenState != tokenState || this.sourceState != sourceState;
	}

}
