package dev.psat.spire.client;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import com.google.protobuf.ByteString;
import dev.psat.spire.client.proto.AgentX509SVIDParams;
import dev.psat.spire.client.proto.AttestAgentRequest;
import dev.psat.spire.client.proto.AttestAgentResponse;
import dev.psat.spire.client.proto.AttestationData;
import dev.psat.spire.client.proto.GetBundleRequest;
import org.jspecify.annotations.Nullable;

/**
 * A client of a SPIRE Server, towards which it is an agent. It attests, and the agent
 * SVID that it is given in return opens an {@link AgentConnection}:
 *
 * <pre class="code">
 * KeyPair agentKey = KeyType.EC_P256.generate();
 * X509Svid agent = client.attest("k8s_psat", payload, agentKey);
 * try (AgentConnection connection = client.connect(agent, agentKey)) {
 *     AuthorizedEntry entry = connection.authorizedEntries().get(0);
 *     X509Svid svid = connection.newX509Svid(entry, KeyType.EC_P256.generate());
 * }
 * </pre>
 * <p>
 * On every connection, before anything is sent, the server has to show by TLS 1.3 that it
 * is {@code spiffe://<trust domain>/spire/server}. Every method that calls the server
 * waits for its answer; an interrupt ends the waiting, and the interrupt status is
 * preserved. Safe for use by several threads.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/spiffe/spire-api-sdk/tree/main/proto/spire/api/server">SPIRE Server
 * API</a>
 */
public final class SpireClient implements AutoCloseable {

	private static final String AGENT_PATH = "/spire/agent/";

	private final ServerAddress address;

	private final TrustDomain trustDomain;

	private final ServerVerifier verifier;

	private final Answers answers;

	private final String userAgent;

	private final Duration callTimeout;

	private final Duration attestTimeout;

	private final Caller anonymous;

	private final Set<Caller> open = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	SpireClient(ServerAddress address, TrustDomain trustDomain, Supplier<TrustBundle> trustBundle, String userAgent,
			Duration callTimeout, Duration attestTimeout, Clock clock) {
		this.address = address;
		this.trustDomain = trustDomain;
		Supplier<TrustBundle> present = () -> Objects.requireNonNull(trustBundle.get(),
				"the trust bundle must not be null");
		this.verifier = new SpireServerVerifier(trustDomain, present, clock);
		this.answers = new Answers(trustDomain, present, clock);
		this.userAgent = userAgent;
		this.callTimeout = callTimeout;
		this.attestTimeout = attestTimeout;
		this.anonymous = open(null, callTimeout);
	}

	/**
	 * Begin to build a client.
	 * @param address where the server listens
	 * @param trustDomain the trust domain of the server
	 * @param trustBundle gives the trust bundle of the moment, never {@code null}; asked
	 * whenever a server or an SVID is judged, by any thread. If it throws, the server is
	 * not trusted ({@link FailureReason#SERVER_NOT_TRUSTED}), and an SVID is not accepted
	 * ({@link FailureReason#INVALID_SVID})
	 * @return a builder
	 */
	public static SpireClientBuilder builder(ServerAddress address, TrustDomain trustDomain,
			Supplier<TrustBundle> trustBundle) {
		return new SpireClientBuilder(address, trustDomain, trustBundle);
	}

	/**
	 * Attest, on a connection of its own. From then on the server no longer accepts an
	 * agent SVID that the same agent was given before.
	 * @param type the type of the payload, such as {@code k8s_psat}
	 * @param payload the payload, of which a copy is sent
	 * @param key a fresh pair of keys, of a {@link KeyType}
	 * @return the agent SVID, whose ID the server has chosen
	 * @throws IllegalArgumentException if the keys are of another type, or no pair
	 * @throws SpireException if the server refuses, cannot be reached or is not trusted,
	 * or returns no such SVID
	 */
	public X509Svid attest(String type, byte[] payload, KeyPair key) {
		AttestAgentRequest request = AttestAgentRequest.newBuilder()
			.setParams(AttestAgentRequest.Params.newBuilder()
				.setData(AttestationData.newBuilder().setType(type).setPayload(ByteString.copyFrom(payload)))
				.setParams(AgentX509SVIDParams.newBuilder().setCsr(ByteString.copyFrom(CertificateRequest.of(key)))))
			.build();
		Caller caller = open(null, this.attestTimeout);
		try {
			AttestAgentResponse response = caller.call(Methods.ATTEST_AGENT, request);
			return switch (response.getStepCase()) {
				case RESULT -> this.answers.x509Svid(response.getResult().getSvid(), key, this::isAgent, null);
				case CHALLENGE -> throw new SpireException(FailureReason.CHALLENGED,
						"The SPIRE Server returned a challenge, which %s does not know".formatted(type));
				case STEP_NOT_SET ->
					throw new SpireException(FailureReason.INVALID_SVID, "The SPIRE Server returned no agent SVID");
			};
		}
		finally {
			close(caller);
		}
	}

	/**
	 * Ask for the trust bundle without a client certificate, which works whatever has
	 * become of the agent.
	 * @return the trust bundle
	 * @throws SpireException if the server refuses or does not answer, or the trust
	 * bundle is malformed
	 */
	public TrustBundle trustBundle() {
		return this.answers.trustBundle(this.anonymous.call(Methods.GET_BUNDLE, GetBundleRequest.getDefaultInstance()));
	}

	/**
	 * Open a connection by mutual TLS. It is made when it is first used, and made anew
	 * whenever the server ends it. Closing this client closes it too.
	 * @param agentSvid the agent SVID
	 * @param key the pair of keys that the agent SVID was asked for
	 * @return the connection
	 */
	public AgentConnection connect(X509Svid agentSvid, KeyPair key) {
		PrivateKey privateKey = key.getPrivate();
		Caller caller = open(new AgentKeyManager(agentSvid.chain(), privateKey), this.callTimeout);
		return new AgentConnection(caller, this.answers, () -> close(caller));
	}

	private Caller open(@Nullable AgentKeyManager keys, Duration timeout) {
		Caller caller = new Caller(new GrpcChannel(this.address, this.verifier, keys, this.userAgent), timeout);
		this.open.add(caller);
		if (this.closed) {
			close(caller);
		}
		return caller;
	}

	private void close(Caller caller) {
		this.open.remove(caller);
		caller.close();
	}

	private boolean isAgent(SpiffeId spiffeId) {
		return spiffeId.trustDomain().equals(this.trustDomain) && spiffeId.path().startsWith(AGENT_PATH);
	}

	/**
	 * Close this client and its connections. Calls in flight fail with
	 * {@link FailureReason#CANCELLED}, as do later ones. Before JDK 21 a connection that
	 * is open and one thread stay until the garbage collector finds them.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.open.forEach(this::close);
	}

}
