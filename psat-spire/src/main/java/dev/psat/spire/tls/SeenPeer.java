package dev.psat.spire.tls;

import java.time.Instant;

import dev.psat.spiffe.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * A peer that a trust bundle has vouched for, as far as it is known.
 *
 * @since 0.1.0
 */
public interface SeenPeer {

	/** Return the SPIFFE ID. */
	SpiffeId id();

	/** Return when its first handshake was, of those that are known. */
	Instant firstSeen();

	/** Return when its last handshake was. */
	Instant lastSeen();

	/** Return how many handshakes have let it in. */
	long accepted();

	/** Return how many handshakes have refused it, and why. */
	Refusals refusals();

	/**
	 * Return why it would be refused if its list were in force, {@code null} if it would
	 * not be.
	 */
	@Nullable String unlisted();

	/** Return how many of its connections are open now. */
	int openConnections();

	/** Return when the last X.509-SVID that it has presented expires. */
	Instant expiresAt();

	/**
	 * Return the {@link dev.psat.spiffe.X509Authority#keyId() ID} of the authority that
	 * has vouched for that X.509-SVID.
	 */
	String authority();

	/** Refusals of handshakes. */
	interface Refusals {

		/** Return how many refusals there were. */
		long count();

		/** Return when the last one was, {@code null} if there was none. */
		@Nullable Instant lastAt();

		/**
		 * Return why the last one was, as a sentence without a full stop, {@code null} if
		 * there was none.
		 */
		@Nullable String lastReason();

	}

}
