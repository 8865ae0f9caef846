package dev.psat.spire.tls;

import java.util.Set;

import dev.psat.spiffe.TrustDomain;
import org.jspecify.annotations.Nullable;

/**
 * Counts of the peers that were accepted and refused since the application was started.
 *
 * @since 0.1.0
 */
public interface HandshakeCounts {

	/**
	 * Return how many handshakes had an outcome.
	 * @param direction the direction
	 * @param outcome the outcome
	 * @return the number, which never decreases
	 */
	long count(Direction direction, HandshakeOutcome outcome);

	/**
	 * Return how many handshakes with peers of a trust domain had an outcome. Those of
	 * all trust domains and of none make up the count of the outcome.
	 * @param direction the direction
	 * @param outcome the outcome
	 * @param trustDomain the trust domain, {@code null} for peers that no trust bundle
	 * vouches for, since they can claim any, and for servers with a classic certificate
	 * @return the number, which never decreases
	 */
	long count(Direction direction, HandshakeOutcome outcome, @Nullable TrustDomain trustDomain);

	/**
	 * Return how many peers were {@linkplain HandshakeOutcome#ACCEPTED accepted} although
	 * no list names them, since everybody of the own trust domain is let in.
	 * @param direction the direction
	 * @return the number, which never decreases
	 */
	long unlisted(Direction direction);

	/**
	 * Return the trust domains so far of peers that a trust bundle vouches for, which
	 * never become fewer; of more than a hundred, those that come late count as none.
	 */
	Set<TrustDomain> trustDomains();

}
