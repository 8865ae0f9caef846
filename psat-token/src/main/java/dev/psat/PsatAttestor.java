package dev.psat;

import java.util.Collection;

import dev.psat.token.TokenSource;
import dev.psat.token.TokenUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Proves the identity of this application in the form that SPIRE's {@code k8s_psat} node
 * attestor expects.
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
	 * @param cluster the name of the cluster, as known to the SPIRE Server
	 * @param source the source of tokens
	 * @param audiences the audiences of which each token must carry one, whatever the
	 * source; if empty, any token is accepted
	 * @return the attestor
	 * @throws IllegalArgumentException if the name of the cluster is not valid
	 */
	static PsatAttestor of(String cluster, TokenSource source, Collection<String> audiences) {
		return new TokenSourceAttestor(cluster, source, audiences);
	}

	/**
	 * Produce the payload for the token in force.
	 * @return the payload
	 * @throws TokenUnavailableException if no usable token is available
	 */
	AttestationPayload payload();

	/**
	 * Return the exception that {@link #payload()} would throw now. Health, the endpoint
	 * and the {@code usable} meter call this method on each check and each scrape, so
	 * override it if {@link #payload()} is slow.
	 * @return the exception, or {@code null} if a payload is available
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
