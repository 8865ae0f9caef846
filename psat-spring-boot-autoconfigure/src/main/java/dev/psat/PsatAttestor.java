package dev.psat;

import java.util.Collection;

import org.jspecify.annotations.Nullable;

import dev.psat.token.TokenSource;
import dev.psat.token.TokenStatus;
import dev.psat.token.TokenUnavailableException;

/**
 * Proves who this application is, in the form of SPIRE's {@code k8s_psat} node attestor.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/spiffe/spire/blob/main/doc/plugin_agent_nodeattestor_k8s_psat.md">SPIRE:
 * Agent plugin NodeAttestor "k8s_psat"</a>
 */
@FunctionalInterface
public interface PsatAttestor {

	/**
	 * Create an attestor.
	 * @param cluster name of the cluster, as the SPIRE Server knows it
	 * @param source the source of tokens
	 * @param audiences one of these must be in each token, whatever the source; if empty,
	 * every token will do
	 * @return the attestor
	 * @throws IllegalArgumentException if the cluster cannot be the name of one
	 */
	static PsatAttestor of(String cluster, TokenSource source, Collection<String> audiences) {
		return new TokenSourceAttestor(cluster, source, audiences);
	}

	/**
	 * Produce the payload for the token in force.
	 * @return the payload
	 * @throws TokenUnavailableException if there is no token that may be sent
	 */
	AttestationPayload payload();

	/**
	 * Return what {@link #payload()} would throw while the source has the given status.
	 * Health, {@code fail-fast} and the meter {@code usable} judge by it, so it asks
	 * nobody and never waits. Override it where an attestor of your own demands more than
	 * a token in force.
	 * @param status the status of the source
	 * @return the reason, or {@code null} if there would be a payload
	 */
	default @Nullable TokenUnavailableException refusal(TokenStatus status) {
		if (status.tokenState().isInForce()) {
			return null;
		}
		String message = status.message();
		String advice = status.advice();
		return new TokenUnavailableException((message != null) ? message : "There is no token in force",
				status.tokenState(), status.sourceState(),
				(advice != null) ? advice : "Try again: the source may not have looked for one yet.");
	}

}
