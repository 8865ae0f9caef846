package dev.psat.spire.tls;

import java.time.Instant;
import java.util.Objects;

import dev.psat.spiffe.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * A peer that a trust bundle has vouched for, as far as it is known.
 *
 * @param id the SPIFFE ID
 * @param firstSeen when its first handshake was, of those that are known
 * @param lastSeen when its last handshake was
 * @param accepted how many handshakes have let it in
 * @param refusals how many handshakes have refused it, and why
 * @param unlisted why it would be refused if its list were in force, {@code null} if it
 * would not be
 * @param openConnections how many of its connections are open now
 * @param expiresAt when the last X.509-SVID that it has presented expires
 * @param authority the {@link dev.psat.spiffe.X509Authority#keyId() ID} of the authority
 * that has vouched for that X.509-SVID
 * @since 0.1.0
 */
public record SeenPeer(SpiffeId id, Instant firstSeen, Instant lastSeen, long accepted, Refusals refusals,
		@Nullable String unlisted, int openConnections, Instant expiresAt, String authority) {

	public SeenPeer {
		Objects.requireNonNull(id, "'id' must not be null");
		Objects.requireNonNull(firstSeen, "'firstSeen' must not be null");
		Objects.requireNonNull(lastSeen, "'lastSeen' must not be null");
		Objects.requireNonNull(refusals, "'refusals' must not be null");
		Objects.requireNonNull(expiresAt, "'expiresAt' must not be null");
		Objects.requireNonNull(authority, "'authority' must not be null");
	}

	/**
	 * Refusals of handshakes.
	 *
	 * @param count how many there were
	 * @param lastAt when the last one was, {@code null} if there was none
	 * @param lastReason why it was, as a sentence without a full stop, {@code null} if
	 * there was none
	 */
	public record Refusals(long count, @Nullable Instant lastAt, @Nullable String lastReason) {

		/** No refusals. */
		public static final Refusals NONE = new Refusals(0, null, null);

	}

}
