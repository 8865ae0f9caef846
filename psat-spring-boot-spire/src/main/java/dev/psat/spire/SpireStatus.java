package dev.psat.spire;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.client.SpiffeId;
import dev.psat.spire.client.TrustDomain;
import org.jspecify.annotations.Nullable;

/**
 * What may be shown of the identity, as of one instant. Holds identifiers and dates, and
 * neither a key nor a token.
 *
 * @param state the state
 * @param server where the SPIRE Server listens
 * @param trustDomain the trust domain
 * @param agentId the ID under which the server knows this application as an agent,
 * {@code null} before the first attestation
 * @param agentExpiresAt when the agent SVID expires, {@code null} if there is none
 * @param candidates how many IDs this pod could obtain, {@code null} before the first
 * answer
 * @param svid the X.509-SVID, {@code null} if there was none yet
 * @param trustBundle the trust bundle, {@code null} if none was read yet
 * @param clockSkew how far the clock of the server is ahead, {@code null} if it is not
 * known; zero while that is no more than 30 seconds
 * @param lastError what went wrong since the last complete visit, or else the last
 * eviction as long as another process attests with the same agent ID; {@code null} if
 * there is neither
 * @since 0.1.0
 */
public record SpireStatus(SpireState state, @Nullable ServerAddress server, @Nullable TrustDomain trustDomain,
		@Nullable SpiffeId agentId, @Nullable Instant agentExpiresAt, @Nullable Integer candidates, @Nullable Svid svid,
		@Nullable Bundle trustBundle, @Nullable Duration clockSkew, @Nullable LastError lastError) {

	/**
	 * The X.509-SVID.
	 *
	 * @param id its SPIFFE ID
	 * @param serialNumber its serial number
	 * @param generation how many there have been, this one included
	 * @param issuedAt when it was issued, by the clock of the server
	 * @param expiresAt when it expires
	 * @param renewalDueAt when the next one is due
	 */
	public record Svid(SpiffeId id, BigInteger serialNumber, long generation, Instant issuedAt, Instant expiresAt,
			Instant renewalDueAt) {

	}

	/**
	 * The trust bundle.
	 *
	 * @param authorities how many X.509 authorities it has
	 * @param sequenceNumber its sequence number, {@code null} if it has none
	 * @param refreshedAt when the server last told it, {@code null} if it comes from the
	 * file
	 */
	public record Bundle(int authorities, @Nullable Long sequenceNumber, @Nullable Instant refreshedAt) {

	}

	/**
	 * What went wrong.
	 *
	 * @param reason the reason: a {@link dev.psat.spire.client.FailureReason}, or one of
	 * {@code TOKEN_UNAVAILABLE NODE_IDENTITY NO_ENTRY AMBIGUOUS_ENTRY
	 * TRUST_BUNDLE_UNREADABLE UNEXPECTED}
	 * @param at when it went wrong
	 * @param message what went wrong
	 * @param advice what to do about it
	 */
	public record LastError(String reason, Instant at, String message, String advice) {

		static LastError of(VisitException failure, Instant at) {
			return new LastError(failure.reason(), at, String.valueOf(failure.getMessage()), failure.advice());
		}

	}

}
