package dev.psat.spire.client;

import java.security.KeyPair;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import com.google.protobuf.ByteString;
import dev.psat.spire.client.proto.BatchNewX509SVIDRequest;
import dev.psat.spire.client.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.client.proto.EntryMask;
import dev.psat.spire.client.proto.GetAuthorizedEntriesRequest;
import dev.psat.spire.client.proto.GetBundleRequest;
import dev.psat.spire.client.proto.NewJWTSVIDRequest;
import dev.psat.spire.client.proto.NewX509SVIDParams;
import dev.psat.spire.client.proto.PostStatusRequest;

/**
 * A connection to a SPIRE Server, authenticated by an agent SVID. Every method waits for
 * the answer, and throws {@link SpireException} if the server refuses or does not answer.
 * Instances are safe for use by multiple threads.
 *
 * @since 0.1.0
 * @see SpireClient#connect(X509Svid, KeyPair)
 */
public final class AgentConnection implements AutoCloseable {

	/** The fields of an entry that {@link AuthorizedEntry} holds. */
	private static final EntryMask MASK = EntryMask.newBuilder()
		.setSpiffeId(true)
		.setSelectors(true)
		.setFederatesWith(true)
		.setAdmin(true)
		.setDownstream(true)
		.setRevisionNumber(true)
		.setStoreSvid(true)
		.setHint(true)
		.setCreatedAt(true)
		.setAdditionalAttributes(true)
		.build();

	private final Caller caller;

	private final Answers answers;

	private final Runnable close;

	AgentConnection(Caller caller, Answers answers, Runnable close) {
		this.caller = caller;
		this.answers = answers;
		this.close = close;
	}

	/**
	 * Return the registration entries for which the agent may obtain SVIDs. After an
	 * attestation, it takes the server a few seconds to include the entries of a node
	 * alias.
	 * @return the entries in the server's order, without malformed ones
	 * @throws SpireException if the server refuses or does not answer
	 */
	public List<AuthorizedEntry> authorizedEntries() {
		return this.answers.entries(this.caller
			.call(Methods.GET_AUTHORIZED_ENTRIES, GetAuthorizedEntriesRequest.newBuilder().setOutputMask(MASK).build())
			.getEntriesList());
	}

	/**
	 * Request an X.509-SVID.
	 * @param entry the registration entry
	 * @param key a fresh key pair of a supported {@link KeyType}
	 * @return the X.509-SVID, which carries the entry's SPIFFE ID and the public key, and
	 * chains to the current trust bundle
	 * @throws IllegalArgumentException if the key type is not supported, or the keys are
	 * not a pair
	 * @throws SpireException if the server refuses or does not answer, or returns an SVID
	 * other than the one requested
	 */
	public X509Svid newX509Svid(AuthorizedEntry entry, KeyPair key) {
		Objects.requireNonNull(entry, "'entry' must not be null");
		Objects.requireNonNull(key, "'key' must not be null");
		BatchNewX509SVIDRequest request = BatchNewX509SVIDRequest.newBuilder()
			.addParams(NewX509SVIDParams.newBuilder()
				.setEntryId(entry.id())
				.setCsr(ByteString.copyFrom(CertificateRequest.of(key))))
			.build();
		BatchNewX509SVIDResponse response = this.caller.call(Methods.BATCH_NEW_X509_SVID, request);
		if (response.getResultsCount() != 1) {
			throw new SpireException(FailureReason.INVALID_SVID,
					"The SPIRE Server returned %d X.509-SVIDs instead of one".formatted(response.getResultsCount()));
		}
		return this.answers.x509Svid(response.getResults(0).getSvid(), key, entry.spiffeId()::equals, entry.hint());
	}

	/**
	 * Request a JWT-SVID.
	 * @param entry the registration entry
	 * @param audience the audiences, at least one
	 * @return the JWT-SVID, which carries the entry's SPIFFE ID and the audiences; its
	 * signature is not verified
	 * @throws SpireException if the server refuses or does not answer, or returns an SVID
	 * other than the one requested
	 */
	public JwtSvid newJwtSvid(AuthorizedEntry entry, Collection<String> audience) {
		Objects.requireNonNull(entry, "'entry' must not be null");
		Objects.requireNonNull(audience, "'audience' must not be null");
		return this.answers.jwtSvid(this.caller.call(Methods.NEW_JWT_SVID, jwtSvidRequest(entry, audience)).getSvid(),
				entry, audience);
	}

	/**
	 * Request a JWT-SVID, and do not wait as long as the server may take.
	 * @param entry the registration entry
	 * @param audience the audiences, at least one
	 * @param patience how long to wait at most; has no effect if it is longer than the
	 * timeout of all calls
	 * @param late receives the JWT-SVID if it arrives after that, but within the timeout
	 * of all calls; called by a thread that must not be blocked
	 * @return the JWT-SVID
	 * @throws SpireException if the server refuses or does not answer in time, or returns
	 * an SVID other than the one requested
	 * @see #newJwtSvid(AuthorizedEntry, Collection)
	 */
	public JwtSvid newJwtSvid(AuthorizedEntry entry, Collection<String> audience, Duration patience,
			Consumer<JwtSvid> late) {
		Objects.requireNonNull(entry, "'entry' must not be null");
		Objects.requireNonNull(audience, "'audience' must not be null");
		Objects.requireNonNull(patience, "'patience' must not be null");
		Objects.requireNonNull(late, "'late' must not be null");
		return this.answers.jwtSvid(this.caller
			.call(Methods.NEW_JWT_SVID, jwtSvidRequest(entry, audience), patience,
					(answer) -> late.accept(this.answers.jwtSvid(answer.getSvid(), entry, audience)))
			.getSvid(), entry, audience);
	}

	private static NewJWTSVIDRequest jwtSvidRequest(AuthorizedEntry entry, Collection<String> audience) {
		return NewJWTSVIDRequest.newBuilder().setEntryId(entry.id()).addAllAudience(audience).build();
	}

	/**
	 * Request the trust bundle.
	 * @return the trust bundle
	 * @throws SpireException if the server refuses or does not answer, or the trust
	 * bundle is malformed
	 */
	public TrustBundle trustBundle() {
		return this.answers.trustBundle(this.caller.call(Methods.GET_BUNDLE, GetBundleRequest.getDefaultInstance()));
	}

	/**
	 * Report the agent's software to the server. Servers before 1.14.3 deny this call to
	 * everyone.
	 * @param agentVersion the name and version, at most 255 characters
	 * @throws SpireException if the server refuses or does not answer; the reason is
	 * {@link FailureReason#PERMISSION_DENIED} for servers before 1.14.3
	 */
	public void postStatus(String agentVersion) {
		Objects.requireNonNull(agentVersion, "'agentVersion' must not be null");
		this.caller.call(Methods.POST_STATUS, PostStatusRequest.newBuilder().setAgentVersion(agentVersion).build());
	}

	/**
	 * Close the connection. Calls in flight and later calls fail with
	 * {@link FailureReason#CANCELLED}.
	 */
	@Override
	public void close() {
		this.close.run();
	}

}
