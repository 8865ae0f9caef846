package dev.psat.spire.test;

import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reviews tokens like an API server. Wording that is in no transcript comes from
 * {@code pkg/serviceaccount/jwt.go} and {@code claims.go} of Kubernetes: modelled on
 * source, not on a run.
 */
final class TokenReview {

	private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

	/** The leeway of go-jose, which the API server does not change. */
	private static final Duration LEEWAY = Duration.ofMinutes(1);

	private final Clock clock;

	TokenReview(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Trailing white space is ignored, since the API server trims the header that it
	 * creates from the token: {@code bearertoken.go} of Kubernetes.
	 */
	PsatClaims review(String sent, SimulatedCluster cluster) throws RefusedTokenException {
		String token = sent.stripTrailing();
		Parsed parsed = parse(token);
		if (parsed == null) {
			// transcript denied-garbage-token-attest
			throw new RefusedTokenException("invalid bearer token");
		}
		String error = error(token, parsed, cluster);
		if (error != null) {
			throw new RefusedTokenException("[invalid bearer token, " + error + "]");
		}
		return parsed.claims();
	}

	private static @Nullable Parsed parse(String token) {
		try {
			JsonNode header = PsatClaims.decode(token.split("\\.", 2)[0]);
			Parsed parsed = new Parsed(header.path("kid").asString(""), PsatClaims.of(token));
			return parsed.claims().issuer().equals(ISSUER) ? parsed : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private @Nullable String error(String token, Parsed parsed, SimulatedCluster cluster) {
		PublicKey key = cluster.keys().find(parsed.keyId());
		if (key == null) {
			return "invalid signature, no keys found";
		}
		if (!KubeletKeys.verify(token, key)) {
			// transcript denied-bad-signature-attest
			return "go-jose/go-jose: error in cryptographic primitive";
		}
		PsatClaims claims = parsed.claims();
		if (Collections.disjoint(claims.audiences(), cluster.audiences())) {
			// transcript denied-wrong-audience-attest
			return "token audiences " + quoted(claims.audiences()) + " is invalid for the target audiences "
					+ quoted(cluster.audiences());
		}
		Instant now = this.clock.instant();
		if (now.minus(LEEWAY).isAfter(claims.expiresAt())) {
			return "service account token has expired";
		}
		if (now.plus(LEEWAY).isBefore(claims.notBefore())) {
			return "service account token is not valid yet";
		}
		if (cluster.isDeleted(claims.podUid())) {
			// transcript denied-pod-deleted-attest
			return "service account token has been invalidated";
		}
		return null;
	}

	static String quoted(List<String> texts) {
		return texts.stream().map((text) -> "\"" + text + "\"").collect(Collectors.joining(" ", "[", "]"));
	}

	private record Parsed(String keyId, PsatClaims claims) {

	}

	static final class RefusedTokenException extends Exception {

		RefusedTokenException(String message) {
			super(message, null, false, false);
		}

		String error() {
			return String.valueOf(getMessage());
		}

	}

}
