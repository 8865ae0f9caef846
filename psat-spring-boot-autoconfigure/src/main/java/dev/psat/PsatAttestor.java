package dev.psat;

import java.util.Collection;

import org.jspecify.annotations.Nullable;

import dev.psat.token.TokenSource;
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
	 * Return what {@link #payload()} would throw now. Health, the endpoint and the meter
	 * {@code usable} ask this at each check and each scrape, so override it where
	 * {@link #payload()} is slow.
	 * @return the reason, or {@code null} if there would be a payload
	 */
	default @Nullable TokenUnavailableException refusal() {
		try {
			payload();
			return null;
		}
		catch (TokenUnavailableException ex) {
			return ex;
		}
	}

}
