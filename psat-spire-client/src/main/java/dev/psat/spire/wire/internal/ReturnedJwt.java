package dev.psat.spire.wire.internal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.internal.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * A JWT-SVID that has yet to prove to be the one requested. It is never quoted, since
 * with the token, anybody can act as this workload.
 */
public record ReturnedJwt(String token, Map<?, ?> claims, Function<String, ? extends RuntimeException> invalid) {

	/** Ten thousand years. With a far longer life, no later time could be computed. */
	private static final Duration LONGEST_LIFE = Duration.ofDays(3_652_425);

	public static ReturnedJwt of(String token, Function<String, ? extends RuntimeException> invalid) {
		String[] parts = token.split("\\.", -1);
		try {
			if (parts.length == 3
					&& JsonReader.read(Base64.getUrlDecoder().decode(parts[1])) instanceof Map<?, ?> claims) {
				return new ReturnedJwt(token, claims, invalid);
			}
		}
		catch (IllegalArgumentException ex) {
			// no cause, since it could quote the token
		}
		throw invalid.apply("something that is not a JWT");
	}

	/**
	 * Its times are those of the token, which its audience checks, and are not compared
	 * with the clock of this machine: a difference from the issuer's is no reason to
	 * reject it.
	 */
	public JwtSvid accept(SpiffeId spiffeId, Collection<String> audience, @Nullable String hint) {
		if (!spiffeId.toString().equals(this.claims.get("sub"))) {
			throw this.invalid.apply("a JWT-SVID for a SPIFFE ID other than " + spiffeId);
		}
		List<String> audiences = audiences();
		if (!audiences.containsAll(audience)) {
			throw this.invalid.apply("a JWT-SVID that lacks one of the requested audiences");
		}
		Instant issuedAt = time("iat");
		Instant expiresAt = time("exp");
		if (!expiresAt.isAfter(issuedAt)) {
			throw this.invalid
				.apply("a JWT-SVID that was issued at %s and expires at %s".formatted(issuedAt, expiresAt));
		}
		if (Duration.between(issuedAt, expiresAt).compareTo(LONGEST_LIFE) > 0) {
			throw this.invalid.apply("a JWT-SVID that is valid until " + expiresAt);
		}
		return new JwtSvid(spiffeId, this.token, audiences, issuedAt, expiresAt, hint);
	}

	/** A single audience need not be a list (RFC 7519, section 4.1.3). */
	private List<String> audiences() {
		Object audience = this.claims.get("aud");
		Collection<?> audiences = (audience instanceof Collection<?> several) ? several : Arrays.asList(audience);
		if (!audiences.stream().allMatch(String.class::isInstance)) {
			throw this.invalid.apply("a JWT-SVID with a malformed claim 'aud'");
		}
		return audiences.stream().map(String.class::cast).toList();
	}

	private Instant time(String claim) {
		if (this.claims.get(claim) instanceof Long seconds) {
			try {
				return Instant.ofEpochSecond(seconds);
			}
			catch (DateTimeException ex) {
				// reported below
			}
		}
		throw this.invalid.apply("a JWT-SVID without a valid time in the claim '%s'".formatted(claim));
	}

	public boolean isSingleUse() {
		return this.claims.containsKey("jti");
	}

	@Override
	public String toString() {
		return "ReturnedJwt[claims=" + this.claims.keySet() + "]";
	}

}
