package dev.psat.token;

import java.time.Duration;
import java.util.Collection;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** Decides whether a well-formed token replaces the one in memory. */
record TokenJudge(Collection<String> audiences, Duration clockSkew) {

	void judge(ProjectedToken token, @Nullable HeldToken held, long now) throws RejectedException {
		if (!token.claims().isMeantFor(this.audiences)) {
			throw new RejectedException(SourceState.WRONG_AUDIENCE, "The token in the file is meant for %s, not for %s"
				.formatted(list(token.claims().audiences()), list(this.audiences)));
		}
		Validity validity = Validity.of(token, this.clockSkew);
		if (held != null && held.validity().isInForce(now) && !validity.isInForce(now)) {
			throw new RejectedException(SourceState.STALE,
					"The token in the file is not in force (%s), but the one in memory is"
						.formatted(validity.stateAt(now)));
		}
	}

	private static String list(Collection<String> audiences) {
		return audiences.isEmpty() ? "nobody"
				: audiences.stream().limit(4).map(Quoted::text).collect(Collectors.joining(", "));
	}

}
