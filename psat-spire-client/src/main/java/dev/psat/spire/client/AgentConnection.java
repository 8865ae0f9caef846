package dev.psat.spire.client;

import java.security.KeyPair;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.wire.internal.Message;
import dev.psat.spire.wire.internal.MessageWriter;

/**
 * A connection to a SPIRE Server, authenticated by an agent SVID. Every method waits for
 * the answer, and throws {@link SpireException} if the server refuses, does not answer,
 * or answers something else. Instances are safe for use by multiple threads.
 *
 * @since 0.1.0
 * @see SpireClient#connect(X509Svid, KeyPair)
 */
public final class AgentConnection implements AutoCloseable {

	/** The fields of an entry that {@link AuthorizedEntry} holds, by their numbers. */
	static final List<Integer> ENTRY_FIELDS = List.of(FieldNumbers.ENTRY_SPIFFE_ID, FieldNumbers.ENTRY_SELECTORS,
			FieldNumbers.ENTRY_FEDERATES_WITH, FieldNumbers.ENTRY_ADMIN, FieldNumbers.ENTRY_DOWNSTREAM,
			FieldNumbers.ENTRY_REVISION_NUMBER, FieldNumbers.ENTRY_STORE_SVID, FieldNumbers.ENTRY_HINT,
			FieldNumbers.ENTRY_CREATED_AT, FieldNumbers.ENTRY_ADDITIONAL_ATTRIBUTES);

	private final GrpcChannel channel;

	private final Duration timeout;

	private final Answers answers;

	private final Runnable close;

	AgentConnection(GrpcChannel channel, Duration timeout, Answers answers, Runnable close) {
		this.channel = channel;
		this.timeout = timeout;
		this.answers = answers;
		this.close = close;
	}

	/**
	 * Return the registration entries for which the agent may obtain SVIDs. After an
	 * attestation, the server takes a few seconds to include those of a node alias.
	 * @return the entries in the server's order, without malformed ones
	 */
	public List<AuthorizedEntry> authorizedEntries() {
		// a mask has the numbers of an entry's fields
		MessageWriter mask = new MessageWriter();
		ENTRY_FIELDS.forEach((field) -> mask.flag(field, true));
		byte[] request = new MessageWriter().message(FieldNumbers.GET_AUTHORIZED_ENTRIES_REQUEST_OUTPUT_MASK, mask)
			.toByteArray();
		return this.answers.entries(call(GrpcMethod.GET_AUTHORIZED_ENTRIES, request)
			.messages(FieldNumbers.GET_AUTHORIZED_ENTRIES_RESPONSE_ENTRIES));
	}

	/**
	 * Request an X.509-SVID.
	 * @param entry the registration entry
	 * @param key a fresh key pair of a supported {@link KeyType}
	 * @return the X.509-SVID of the entry's SPIFFE ID, which chains to the current trust
	 * bundle
	 * @throws IllegalArgumentException if the key type is not supported, or the keys are
	 * not a pair
	 */
	public X509Svid newX509Svid(AuthorizedEntry entry, KeyPair key) {
		Objects.requireNonNull(entry, "'entry' must not be null");
		Objects.requireNonNull(key, "'key' must not be null");
		byte[] request = new MessageWriter()
			.message(FieldNumbers.BATCH_NEW_X509SVID_REQUEST_PARAMS,
					new MessageWriter().text(FieldNumbers.NEW_X509SVID_PARAMS_ENTRY_ID, entry.id())
						.bytes(FieldNumbers.NEW_X509SVID_PARAMS_CSR, CertificateRequest.of(key)))
			.toByteArray();
		List<Message> results = call(GrpcMethod.BATCH_NEW_X509_SVID, request)
			.messages(FieldNumbers.BATCH_NEW_X509SVID_RESPONSE_RESULTS);
		if (results.size() != 1) {
			throw new SpireException(FailureReason.INVALID_SVID,
					"The SPIRE Server returned %d X.509-SVIDs instead of one".formatted(results.size()));
		}
		return this.answers.x509Svid(results.get(0).message(FieldNumbers.BATCH_NEW_X509SVID_RESPONSE_RESULT_SVID), key,
				entry.spiffeId()::equals, entry.hint());
	}

	/**
	 * Request a JWT-SVID.
	 * @param entry the registration entry
	 * @param audience the audiences, at least one
	 * @return the JWT-SVID of the entry's SPIFFE ID, whose signature is not verified
	 */
	public JwtSvid newJwtSvid(AuthorizedEntry entry, Collection<String> audience) {
		return newJwtSvid(entry, audience, this.timeout, (late) -> {
		});
	}

	/**
	 * Request a JWT-SVID, and do not wait as long as the server may take.
	 * @param entry the registration entry
	 * @param audience the audiences, at least one
	 * @param patience how long to wait, at most the timeout of all calls
	 * @param late receives a JWT-SVID that arrives later, but within the timeout of all
	 * calls; called by a thread that must not be blocked
	 * @return the JWT-SVID
	 */
	public JwtSvid newJwtSvid(AuthorizedEntry entry, Collection<String> audience, Duration patience,
			Consumer<JwtSvid> late) {
		Objects.requireNonNull(entry, "'entry' must not be null");
		Objects.requireNonNull(audience, "'audience' must not be null");
		Objects.requireNonNull(patience, "'patience' must not be null");
		Objects.requireNonNull(late, "'late' must not be null");
		byte[] request = new MessageWriter().text(FieldNumbers.NEW_JWTSVID_REQUEST_ENTRY_ID, entry.id())
			.texts(FieldNumbers.NEW_JWTSVID_REQUEST_AUDIENCE, audience)
			.toByteArray();
		return jwtSvid(this.channel.call(GrpcMethod.NEW_JWT_SVID, request, this.timeout, patience,
				(answer) -> late.accept(jwtSvid(answer, entry, audience))), entry, audience);
	}

	private JwtSvid jwtSvid(Message answer, AuthorizedEntry entry, Collection<String> audience) {
		return this.answers.jwtSvid(answer.message(FieldNumbers.NEW_JWTSVID_RESPONSE_SVID), entry, audience);
	}

	/** Return the trust bundle, from the server. */
	public TrustBundle trustBundle() {
		return this.answers.trustBundle(call(GrpcMethod.GET_BUNDLE, GrpcMethod.EMPTY_REQUEST));
	}

	/**
	 * Request the trust bundle of a federated trust domain. The server answers even if no
	 * entry of the agent federates with it: that is for the caller to check. Authorities
	 * that this JDK cannot read are left out, and a bundle with more than 200 of a kind
	 * is refused.
	 * @param trustDomain the trust domain
	 * @param timeout how long to wait, at most the timeout of all calls
	 * @return the trust bundle, which may be empty; its sequence number does not order
	 * it, the last answer counts
	 * @throws SpireException also with {@link FailureReason#TRUST_BUNDLE_NOT_FOUND}
	 */
	public TrustBundle federatedBundle(TrustDomain trustDomain, Duration timeout) {
		Objects.requireNonNull(trustDomain, "'trustDomain' must not be null");
		Objects.requireNonNull(timeout, "'timeout' must not be null");
		byte[] request = new MessageWriter()
			.text(FieldNumbers.GET_FEDERATED_BUNDLE_REQUEST_TRUST_DOMAIN, trustDomain.name())
			.toByteArray();
		Duration shorter = (timeout.compareTo(this.timeout) < 0) ? timeout : this.timeout;
		return this.answers.federatedBundle(this.channel.call(GrpcMethod.GET_FEDERATED_BUNDLE, request, shorter),
				trustDomain);
	}

	/**
	 * Report the agent's software to the server.
	 * @param agentVersion the name and version, at most 255 characters
	 * @throws SpireException with {@link FailureReason#PERMISSION_DENIED} from servers
	 * before 1.14.3
	 */
	public void postStatus(String agentVersion) {
		Objects.requireNonNull(agentVersion, "'agentVersion' must not be null");
		call(GrpcMethod.POST_STATUS,
				new MessageWriter().text(FieldNumbers.POST_STATUS_REQUEST_AGENT_VERSION, agentVersion).toByteArray());
	}

	private Message call(GrpcMethod method, byte[] request) {
		return this.channel.call(method, request, this.timeout);
	}

	/**
	 * Close the connection. Calls in flight and later ones fail with
	 * {@link FailureReason#CANCELLED}.
	 */
	@Override
	public void close() {
		this.close.run();
	}

}
