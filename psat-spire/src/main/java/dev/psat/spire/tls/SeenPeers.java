package dev.psat.spire.tls;

import java.time.Instant;
import java.util.List;

/**
 * The peers that an instance of the application has seen. Only those that a trust bundle
 * vouches for have a name here, since anybody can claim any. Of each direction, the
 * {@value #MOST} peers that were seen last are known; those that were never let in are
 * forgotten before others.
 *
 * @since 0.1.0
 */
public interface SeenPeers {

	/** How many peers of each direction are known at most. */
	int MOST = 200;

	/** Return since when peers are recorded. */
	Instant since();

	/**
	 * Return the peers of a direction.
	 * @param direction the direction
	 * @return the peers, those that were seen last first
	 */
	List<SeenPeer> peers(Direction direction);

	/**
	 * Return how many peers of a direction were forgotten, since there were too many.
	 * @param direction the direction
	 * @return the number, which never decreases
	 */
	long forgotten(Direction direction);

	/**
	 * Return how often peers were refused whose name proves nothing, since no trust
	 * bundle vouches for it, or the certificate is not an X.509-SVID.
	 * @param direction the direction
	 * @return the refusals
	 */
	SeenPeer.Refusals untrusted(Direction direction);

	/**
	 * Return the authorities that have vouched for a peer, or do for an open connection.
	 */
	List<SeenAuthority> authorities();

}
