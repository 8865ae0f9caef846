package dev.psat.token;

import java.nio.file.Path;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * All that a source publishes, in one piece.
 *
 * @param held the token in memory
 * @param source what is known of the file
 */
record Snapshot(@Nullable HeldToken held, SourceView source) {

	static final Snapshot EMPTY = new Snapshot(null, SourceView.UNKNOWN);

	Snapshot with(SourceView source) {
		return new Snapshot(this.held, source);
	}

	TokenState tokenStateAt(Instant now) {
		return (this.held != null) ? this.held.validity().stateAt(now.toEpochMilli()) : TokenState.NONE;
	}

	TokenStatus status(Path path, Instant now) {
		TokenStatus token = (this.held != null) ? TokenStatus.of(this.held, now) : TokenStatus.NONE;
		Trouble trouble = this.source.trouble();
		return new TokenStatus(token.tokenState(), token.generation(), token.fingerprint(), token.issuedAt(),
				token.expiresAt(), token.expiresIn(), token.rotationDueAt(), token.claims(), path, this.source.state(),
				this.source.watch(), Math.max(0, token.generation() - 1), token.lastRotatedAt(),
				this.source.lastCheckedAt(), this.source.rejectedReads(), this.source.missedEvents(),
				(trouble != null) ? trouble.message() : token.message(),
				(trouble != null) ? trouble.advice() : token.advice());
	}

}
