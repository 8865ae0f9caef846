package dev.psat.spire.tls;

import java.time.Instant;
import java.util.Objects;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import org.jspecify.annotations.Nullable;

/**
 * An X.509 authority that peers have relied on.
 *
 * @param trustDomain the trust domain of the authority, and of these peers
 * @param keyId the {@link dev.psat.spiffe.X509Authority#keyId() ID} of its key
 * @param openConnections how many connections are open with a peer that it vouches for
 * @param lastPeer whose handshake was the last that it has vouched for, {@code null} if
 * that was forgotten
 * @since 0.1.0
 */
public record SeenAuthority(TrustDomain trustDomain, String keyId, int openConnections, @Nullable LastPeer lastPeer) {

	public SeenAuthority {
		Objects.requireNonNull(trustDomain, "'trustDomain' must not be null");
		Objects.requireNonNull(keyId, "'keyId' must not be null");
	}

	/**
	 * The last peer that an authority has vouched for.
	 *
	 * @param id the SPIFFE ID
	 * @param direction the direction of the connection
	 * @param seenAt when the handshake was
	 */
	public record LastPeer(SpiffeId id, Direction direction, Instant seenAt) {

		public LastPeer {
			Objects.requireNonNull(id, "'id' must not be null");
			Objects.requireNonNull(direction, "'direction' must not be null");
			Objects.requireNonNull(seenAt, "'seenAt' must not be null");
		}

	}

}
