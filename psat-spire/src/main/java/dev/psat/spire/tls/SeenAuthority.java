package dev.psat.spire.tls;

import java.time.Instant;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import org.jspecify.annotations.Nullable;

/**
 * An X.509 authority that peers have relied on.
 *
 * @since 0.1.0
 */
public interface SeenAuthority {

	/** Return the trust domain of the authority, and of these peers. */
	TrustDomain trustDomain();

	/** Return the {@link dev.psat.spiffe.X509Authority#keyId() ID} of its key. */
	String keyId();

	/** Return how many connections are open with a peer that it vouches for. */
	int openConnections();

	/**
	 * Return the peer whose handshake was the last that it has vouched for, {@code null}
	 * if that was forgotten.
	 */
	@Nullable LastPeer lastPeer();

	/** The last peer that an authority has vouched for. */
	interface LastPeer {

		/** Return the SPIFFE ID. */
		SpiffeId id();

		/** Return the direction of the connection. */
		Direction direction();

		/** Return when the handshake was. */
		Instant seenAt();

	}

}
