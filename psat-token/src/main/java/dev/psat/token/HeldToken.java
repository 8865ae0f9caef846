package dev.psat.token;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

record HeldToken(ProjectedToken token, Validity validity, long generation, @Nullable Instant rotatedAt) {

	static HeldToken first(ProjectedToken token, Duration clockSkew) {
		return new HeldToken(token, Validity.of(token, clockSkew), 1, null);
	}

	static HeldToken uncounted(ProjectedToken token, Duration clockSkew) {
		return new HeldToken(token, Validity.of(token, clockSkew), 0, null);
	}

	TokenStatus.Token shownAt(Instant now) {
		Instant dueAt = this.token.times().rotationDueAt();
		long expiresIn = Math.floorDiv(Duration.between(now, this.token.expiresAt()).toMillis(), 1000);
		return TokenStatus.Token
			.builder(this.token.fingerprint(), this.token.expiresAt(), Duration.ofSeconds(expiresIn))
			.generation(this.generation)
			.issuedAt(this.token.issuedAt())
			.rotationDueAt((dueAt != null) ? dueAt.truncatedTo(ChronoUnit.SECONDS) : null)
			.claims(this.token.claims())
			.build();
	}

	HeldToken replacedBy(ProjectedToken next, Duration clockSkew, Instant now) {
		return new HeldToken(next, Validity.of(next, clockSkew), this.generation + 1, now);
	}

}
