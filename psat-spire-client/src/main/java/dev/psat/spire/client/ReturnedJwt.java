package dev.psat.spire.client;

import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The claims of a JWT-SVID as the server returned it. Nothing of it is quoted, since
 * whoever holds the token is this workload.
 *
 * @param claims the members of its payload
 */
record ReturnedJwt(Map<?, ?> claims) {

	static ReturnedJwt of(String token) {
		String[] parts = token.split("\\.", -1);
		try {
			if (parts.length == 3
					&& JsonReader.read(Base64.getUrlDecoder().decode(parts[1])) instanceof Map<?, ?> claims) {
				return new ReturnedJwt(claims);
			}
		}
		catch (IllegalArgumentException ex) {
			// without the cause, which could quote the token
		}
		throw invalid("what is no JWT");
	}

	/**
	 * Check that this is the JWT-SVID that was asked for.
	 * @param expected the SPIFFE ID
	 * @param audience the audiences
	 * @throws SpireException if it is not, with {@link FailureReason#INVALID_SVID}
	 */
	void check(SpiffeId expected, Collection<String> audience) {
		if (!expected.toString().equals(this.claims.get("sub"))) {
			throw invalid("a JWT-SVID of another SPIFFE ID than " + expected);
		}
		if (!audiences().containsAll(audience)) {
			throw invalid("a JWT-SVID without one of the audiences that were asked for");
		}
	}

	/**
	 * One audience may stand there without a list (RFC 7519, section 4.1.3).
	 */
	private Collection<?> audiences() {
		Object audience = this.claims.get("aud");
		if (audience instanceof Collection<?> audiences) {
			return audiences;
		}
		return (audience != null) ? List.of(audience) : List.of();
	}

	private static SpireException invalid(String what) {
		return new SpireException(FailureReason.INVALID_SVID, "The SPIRE Server returned " + what);
	}

	@Override
	public String toString() {
		return "ReturnedJwt[claims=" + this.claims.keySet() + "]";
	}

}
