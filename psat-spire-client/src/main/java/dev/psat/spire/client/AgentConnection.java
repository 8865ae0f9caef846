package dev.psat.spire.client;

import java.security.KeyPair;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

import com.google.protobuf.ByteString;
import dev.psat.spire.client.proto.BatchNewX509SVIDRequest;
import dev.psat.spire.client.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.client.proto.EntryMask;
import dev.psat.spire.client.proto.GetAuthorizedEntriesRequest;
import dev.psat.spire.client.proto.GetBundleRequest;
import dev.psat.spire.client.proto.NewJWTSVIDRequest;
import dev.psat.spire.client.proto.NewX509SVIDParams;
import dev.psat.spire.client.proto.PostStatusRequest;
import dev.psat.spire.client.proto.Status;

/**
 * What an agent SVID opens. Every method waits for its answer, and throws
 * {@link SpireException} if the server refuses or does not answer. Safe for use by
 * several threads.
 *
 * @since 0.1.0
 * @see SpireClient#connect(X509Svid, KeyPair)
 */
public final class AgentConnection implements AutoCloseable {

	/** All of an entry that {@link AuthorizedEntry} holds. */
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
	 * Ask for the registration entries that the agent may obtain SVIDs for. After an
	 * attestation it takes the server some seconds to know those of a node alias.
	 * @return the entries in the order of the server; malformed ones are left out
	 * @throws SpireException if the server refuses or does not answer
	 */
	public List<AuthorizedEntry> authorizedEntries() {
		return this.answers.entries(this.caller
			.call(Methods.GET_AUTHORIZED_ENTRIES, GetAuthorizedEntriesRequest.newBuilder().setOutputMask(MASK).build())
			.getEntriesList());
	}

	/**
	 * Ask for an X.509-SVID.
	 * @param entry the registration entry
	 * @param key a fresh pair of keys, of a {@link KeyType}
	 * @return the X.509-SVID, which carries the ID of the entry and the public key, and
	 * chains to the trust bundle of the moment
	 * @throws IllegalArgumentException if the keys are of another type, or no pair
	 * @throws SpireException if the server refuses or does not answer, or the SVID is not
	 * the one that was asked for
	 */
	public X509Svid newX509Svid(AuthorizedEntry entry, KeyPair key) {
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
		BatchNewX509SVIDResponse.Result result = response.getResults(0);
		Status status = result.getStatus();
		if (status.getCode() != 0) {
			throw ServerFailure.of(status.getCode(), status.getMessage(), new byte[0]);
		}
		return this.answers.x509Svid(result.getSvid(), key, entry.spiffeId()::equals, entry.hint());
	}

	/**
	 * Ask for a JWT-SVID.
	 * @param entry the registration entry
	 * @param audience the audiences, at least one
	 * @return the JWT-SVID, which carries the ID of the entry and the audiences; its
	 * signature is not verified
	 * @throws SpireException if the server refuses or does not answer, or the SVID is not
	 * the one that was asked for
	 */
	public JwtSvid newJwtSvid(AuthorizedEntry entry, Collection<String> audience) {
		return newJwtSvid(this.caller, entry, audience);
	}

	/**
	 * Ask for a JWT-SVID, and wait no longer than for some time.
	 * @param entry the registration entry
	 * @param audience the audiences, at least one
	 * @param timeout how long to wait, where that is less than for any other call
	 * @return the JWT-SVID, as {@link #newJwtSvid(AuthorizedEntry, Collection)} returns
	 * it
	 * @throws SpireException if there is no answer, or the SVID is another one
	 */
	public JwtSvid newJwtSvid(AuthorizedEntry entry, Collection<String> audience, Duration timeout) {
		return newJwtSvid(this.caller.within(timeout), entry, audience);
	}

	private JwtSvid newJwtSvid(Caller caller, AuthorizedEntry entry, Collection<String> audience) {
		NewJWTSVIDRequest request = NewJWTSVIDRequest.newBuilder()
			.setEntryId(entry.id())
			.addAllAudience(audience)
			.build();
		return this.answers.jwtSvid(caller.call(Methods.NEW_JWT_SVID, request).getSvid(), entry, audience);
	}

	/**
	 * Ask for the trust bundle.
	 * @return the trust bundle
	 * @throws SpireException if the server refuses or does not answer, or the trust
	 * bundle is malformed
	 */
	public TrustBundle trustBundle() {
		return this.answers.trustBundle(this.caller.call(Methods.GET_BUNDLE, GetBundleRequest.getDefaultInstance()));
	}

	/**
	 * Tell the server which software the agent is. Servers before 1.14.3 let nobody call
	 * the method.
	 * @param agentVersion name and version, at most 255 characters
	 * @throws SpireException if the server refuses or does not answer, with
	 * {@link FailureReason#PERMISSION_DENIED} by such a server
	 */
	public void postStatus(String agentVersion) {
		this.caller.call(Methods.POST_STATUS, PostStatusRequest.newBuilder().setAgentVersion(agentVersion).build());
	}

	/**
	 * Close the connection. Calls in flight fail with {@link FailureReason#CANCELLED}, as
	 * do later ones.
	 */
	@Override
	public void close() {
		this.close.run();
	}

}
