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

	/** {@return the SPIFFE ID} */
	SpiffeId id();

	/** {@return when its first handshake was, of those that are known} */
	Instant firstSeen();

	/** {@return when its last handshake was} */
	Instant lastSeen();

	/** {@return how many handshakes have let it in} */
	long accepted();

	/** {@return how many handshakes have refused it, and why} */
	Refusals refusals();

	/**
	 * {@return why it would be refused if its list were in force, {@code null} if it
	 * would not be}
	 */
	@Nullable String unlisted();

	/** {@return how many of its connections are open now} */
	int openConnections();

	/** {@return when the last X.509-SVID that it has presented expires} */
	Instant expiresAt();

	/**
	 * {@return the {@link dev.psat.spiffe.X509Authority#keyId() ID} of the authority that
	 * has vouched for that X.509-SVID}
	 */
	String authority();

	/** Refusals of handshakes. */
	interface Refusals {

		/** {@return how many refusals there were} */
		long count();

		/** {@return when the last one was, {@code null} if there was none} */
		@Nullable Instant lastAt();

		/**
		 * {@return why the last one was, as a sentence without a full stop, {@code null}
		 * if there was none}
		 */
		@Nullable String lastReason();

	}

}
