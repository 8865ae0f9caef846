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

	/** {@return the trust domain of the authority, and of these peers} */
	TrustDomain trustDomain();

	/** {@return the {@link dev.psat.spiffe.X509Authority#keyId() ID} of its key} */
	String keyId();

	/** {@return how many connections are open with a peer that it vouches for} */
	int openConnections();

	/**
	 * {@return the peer whose handshake was the last that it has vouched for,
	 * {@code null} if that was forgotten}
	 */
	@Nullable LastPeer lastPeer();

	/** The last peer that an authority has vouched for. */
	interface LastPeer {

		/** {@return the SPIFFE ID} */
		SpiffeId id();

		/** {@return the direction of the connection} */
		Direction direction();

		/** {@return when the handshake was} */
		Instant seenAt();

	}

}
