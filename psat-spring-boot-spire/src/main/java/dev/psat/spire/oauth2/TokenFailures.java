package dev.psat.spire.oauth2;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/**
 * A failure says nothing that repeats the JWT-SVID. What failed to read an answer is no
 * cause, since it may hold the answer.
 */
final class TokenFailures {

	private static final String WITHHELD = "The answer of the token endpoint repeats the JWT-SVID, so it is not shown";

	private static final int MOST = 100;

	private final SentAssertion assertion;

	TokenFailures(MultiValueMap<String, String> parameters) {
		this.assertion = new SentAssertion(
				Objects.requireNonNullElse(parameters.getFirst(OAuth2ParameterNames.CLIENT_ASSERTION), ""));
	}

	/** The failure itself if it says nothing of the answer. */
	RuntimeException of(RuntimeException failure) {
		if (failure instanceof OAuth2AuthorizationException refusal) {
			return ofRefusal(refusal);
		}
		if (failure instanceof RestClientException) {
			return told(TokenRequests.error("The token request failed: " + words(failure)), failure);
		}
		return isSilent(failure) ? failure : withheld();
	}

	Exception ofAny(Exception failure) {
		if (failure instanceof RuntimeException unchecked) {
			return of(unchecked);
		}
		return isSilent(failure) ? failure : withheld();
	}

	private OAuth2AuthorizationException ofRefusal(OAuth2AuthorizationException refusal) {
		Throwable cause = refusal.getCause();
		if (cause == null || isTransport(cause)) {
			return told(shown(refusal.getError()), cause);
		}
		// a parser quotes what it reads
		return new OAuth2AuthorizationException(TokenRequests
			.error("The answer of the token endpoint cannot be read (%s)".formatted(cause.getClass().getSimpleName())));
	}

	private static OAuth2AuthorizationException withheld() {
		return new OAuth2AuthorizationException(TokenRequests.error("The token request failed: " + WITHHELD));
	}

	private OAuth2Error shown(OAuth2Error error) {
		return new OAuth2Error(
				this.assertion.isIn(error.getErrorCode()) ? TokenRequests.INVALID_RESPONSE : error.getErrorCode(),
				this.assertion.isIn(error.getDescription()) ? WITHHELD : error.getDescription(),
				this.assertion.isIn(error.getUri()) ? null : error.getUri());
	}

	private @Nullable String words(RuntimeException failure) {
		if (!this.assertion.isIn(failure.getMessage())) {
			return failure.getMessage();
		}
		return (failure instanceof RestClientResponseException answer)
				? answer.getStatusCode().value() + ". " + WITHHELD : WITHHELD;
	}

	private static boolean isTransport(Throwable cause) {
		return cause instanceof ResourceAccessException || cause instanceof IOException
				|| cause instanceof TimeoutException;
	}

	private OAuth2AuthorizationException told(OAuth2Error error, @Nullable Throwable cause) {
		return (cause != null && isTransport(cause) && isSilent(cause)) ? new OAuth2AuthorizationException(error, cause)
				: new OAuth2AuthorizationException(error);
	}

	private boolean isSilent(Throwable failure) {
		Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		Deque<Throwable> open = new ArrayDeque<>(Set.of(failure));
		while (!open.isEmpty()) {
			Throwable next = open.pop();
			if (!seen.add(next)) {
				continue;
			}
			if (seen.size() > MOST || this.assertion.isIn(next.toString()) || this.assertion.isIn(next.getMessage())) {
				return false;
			}
			if (next.getCause() != null) {
				open.push(next.getCause());
			}
			for (Throwable suppressed : next.getSuppressed()) {
				open.push(suppressed);
			}
		}
		return true;
	}

}
