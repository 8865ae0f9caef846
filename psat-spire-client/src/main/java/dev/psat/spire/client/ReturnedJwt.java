package dev.psat.spire.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.internal.JsonReader;

/**
 * A JWT-SVID as returned by the server, which has yet to prove to be the one requested.
 * It is never quoted, since whoever holds the token can act as this workload.
 *
 * @param token the token
 * @param claims the members of the payload
 */
record ReturnedJwt(String token, Map<?, ?> claims) {

	/** How much the clock may be off the server's. */
	private static final Duration LEEWAY = Duration.ofSeconds(120);

	static ReturnedJwt of(String token) {
		String[] parts = token.split("\\.", -1);
		try {
			if (parts.length == 3
					&& JsonReader.read(Base64.getUrlDecoder().decode(parts[1])) instanceof Map<?, ?> claims) {
				return new ReturnedJwt(token, claims);
			}
		}
		catch (IllegalArgumentException ex) {
			// no cause, since it could quote the token
		}
		throw invalid("something that is not a JWT");
	}

	/**
	 * Accept the JWT-SVID if it is the one requested. Its times are those of the token,
	 * since that is what its audience checks.
	 * @param entry the entry
	 * @param audience the audiences
	 * @param now the current time, which may be off the server's by at most 120 seconds
	 * @return the JWT-SVID
	 * @throws SpireException if it is not, with {@link FailureReason#INVALID_SVID}
	 */
	JwtSvid accept(AuthorizedEntry entry, Collection<String> audience, Instant now) {
		if (!entry.spiffeId().toString().equals(this.claims.get("sub"))) {
			throw invalid("a JWT-SVID for a SPIFFE ID other than " + entry.spiffeId());
		}
		List<String> audiences = audiences();
		if (!audiences.containsAll(audience)) {
			throw invalid("a JWT-SVID that lacks one of the requested audiences");
		}
		Instant issuedAt = time("iat");
		Instant expiresAt = time("exp");
		if (!expiresAt.isAfter(issuedAt) || !expiresAt.isAfter(now.minus(LEEWAY))) {
			throw invalid("a JWT-SVID that was issued at %s and expired at %s".formatted(issuedAt, expiresAt));
		}
		return new JwtSvid(entry.spiffeId(), this.token, audiences, issuedAt, expiresAt, entry.hint());
	}

	/**
	 * Return the audiences. A single one need not be a list (RFC 7519, section 4.1.3).
	 */
	private List<String> audiences() {
		Object audience = this.claims.get("aud");
		Collection<?> audiences = (audience instanceof Collection<?> several) ? several : Arrays.asList(audience);
		if (!audiences.stream().allMatch(String.class::isInstance)) {
			throw invalid("a JWT-SVID with a malformed claim 'aud'");
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
		throw invalid("a JWT-SVID without a valid time in the claim '%s'".formatted(claim));
	}

	private static SpireException invalid(String what) {
		return new SpireException(FailureReason.INVALID_SVID, "The SPIRE Server returned " + what);
	}

	@Override
	public String toString() {
		return "ReturnedJwt[claims=" + this.claims.keySet() + "]";
	}

}
