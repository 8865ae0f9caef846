package dev.psat.spire;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Status of a {@link SpireIdentity} at one instant. It contains identifiers and dates,
 * but neither keys nor tokens.
 *
 * @param state the state
 * @param server where the identity comes from: the address of the SPIRE Server,
 * {@code null} if it does not tell, or does not come from there
 * @param workloadApi where the identity comes from: the address of the Workload API,
 * {@code null} if it does not come from there
 * @param trustDomain the trust domain
 * @param agentId the agent ID of this application, {@code null} before the first
 * attestation
 * @param agentExpiresAt when the agent SVID expires, {@code null} if there is none
 * @param candidates how many IDs this pod could obtain, {@code null} before the first
 * answer
 * @param svid the X.509-SVID, {@code null} if there has not been one yet
 * @param trustBundle the trust bundle, {@code null} if none has been read yet
 * @param federation the trust domains with which this application is configured to
 * federate, in that order
 * @param clockSkew how far the server's clock is ahead, {@code null} if unknown; zero if
 * it is no more than 30 seconds
 * @param lastError the last error since the last complete visit, or else the last
 * eviction while another process attests with the same agent ID; {@code null} if there is
 * neither
 * @since 0.1.0
 */
public record SpireStatus(SpireState state, @Nullable String server, @Nullable String workloadApi,
		@Nullable TrustDomain trustDomain, @Nullable SpiffeId agentId, @Nullable Instant agentExpiresAt,
		@Nullable Integer candidates, @Nullable Svid svid, @Nullable Bundle trustBundle, List<Federation> federation,
		@Nullable Duration clockSkew, @Nullable LastError lastError) {

	public SpireStatus {
		Assert.notNull(state, "'state' must not be null");
		Assert.notNull(federation, "'federation' must not be null");
		federation = List.copyOf(federation);
	}

	/**
	 * The X.509-SVID.
	 *
	 * @param id the SPIFFE ID
	 * @param serialNumber the serial number
	 * @param generation how many there have been, including this one
	 * @param issuedAt when it was issued, by the server's clock
	 * @param expiresAt when it expires
	 * @param renewalDueAt when the next one is due, {@code null} if another process sees
	 * to that
	 */
	public record Svid(SpiffeId id, BigInteger serialNumber, long generation, Instant issuedAt, Instant expiresAt,
			@Nullable Instant renewalDueAt) {

		public Svid {
			Assert.notNull(id, "'id' must not be null");
			Assert.notNull(serialNumber, "'serialNumber' must not be null");
			Assert.notNull(issuedAt, "'issuedAt' must not be null");
			Assert.notNull(expiresAt, "'expiresAt' must not be null");
		}

	}

	/**
	 * The trust bundle.
	 *
	 * @param authorities the number of X.509 authorities
	 * @param sequenceNumber the sequence number, {@code null} if it has none
	 * @param refreshedAt when the server last provided it, {@code null} if it comes from
	 * the file
	 * @param generation how many different sets of X.509 authorities there have been,
	 * including this one
	 */
	public record Bundle(int authorities, @Nullable Long sequenceNumber, @Nullable Instant refreshedAt,
			long generation) {

	}

	/**
	 * A trust domain with which this application is configured to federate.
	 *
	 * @param trustDomain the trust domain
	 * @param state whether its workloads are trusted, or why they are not
	 * @param x509AuthorityCount the number of authorities for X.509-SVIDs in force
	 * @param jwtAuthorityCount the number of authorities for JWT-SVIDs in force
	 * @param refreshedAt when the server last answered for this trust domain, whatever it
	 * said; {@code null} before the first answer. When the server itself has last heard
	 * of the trust domain, it does not tell
	 * @param generation how many different sets of authorities there have been, including
	 * this one and each time without any
	 * @param lastError the last error since the last answer, {@code null} if there is
	 * none
	 */
	public record Federation(TrustDomain trustDomain, FederationState state, int x509AuthorityCount,
			int jwtAuthorityCount, @Nullable Instant refreshedAt, long generation, @Nullable LastError lastError) {

		public Federation {
			Assert.notNull(trustDomain, "'trustDomain' must not be null");
			Assert.notNull(state, "'state' must not be null");
		}

	}

	/**
	 * The last error.
	 *
	 * @param reason the reason: a {@link dev.psat.spire.client.FailureReason}, a
	 * {@link dev.psat.spire.workload.client.WorkloadFailureReason}, or one of
	 * {@code TOKEN_UNAVAILABLE NODE_IDENTITY NO_ENTRY AMBIGUOUS_ENTRY NOT_RENEWED
	 * TRUST_BUNDLE_UNREADABLE UNEXPECTED}
	 * @param at when the error occurred
	 * @param message what went wrong
	 * @param advice what to do about it
	 */
	public record LastError(String reason, Instant at, String message, String advice) {

		public LastError {
			Assert.notNull(reason, "'reason' must not be null");
			Assert.notNull(at, "'at' must not be null");
			Assert.notNull(message, "'message' must not be null");
			Assert.notNull(advice, "'advice' must not be null");
		}

	}

}
