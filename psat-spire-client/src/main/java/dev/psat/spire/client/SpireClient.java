package dev.psat.spire.client;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spiffe.internal.Quoted;
import dev.psat.spire.wire.internal.Message;
import dev.psat.spire.wire.internal.MessageWriter;
import dev.psat.spire.wire.internal.Settings;
import dev.psat.spire.wire.internal.Time;
import org.jspecify.annotations.Nullable;

/**
 * A client that acts as an agent of a SPIRE Server. It attests, and with the agent SVID
 * that it receives, opens an {@link AgentConnection}:
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
 * On every connection, the server first has to prove with TLS 1.3 that it is {@code
 * spiffe://<trust domain>/spire/server}. Methods that call it wait for the answer; an
 * interrupt ends the wait and is preserved. Instances are safe for use by multiple
 * threads.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/spiffe/spire-api-sdk/tree/main/proto/spire/api/server">SPIRE Server
 * API</a>
 */
public final class SpireClient implements AutoCloseable {

	private static final String AGENT_PATH = "/spire/agent/";

	private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]*\\.[\\w-]+\\.[\\w-]+");

	private final ServerAddress address;

	private final TrustDomain trustDomain;

	private final ServerVerifier verifier;

	private final Answers answers;

	private final String userAgent;

	private final Duration callTimeout;

	private final Duration attestTimeout;

	private final Network network;

	private final GrpcChannel anonymous;

	private final Set<GrpcChannel> open = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	private SpireClient(Builder builder) {
		this.address = builder.address;
		this.trustDomain = builder.trustDomain;
		Supplier<TrustBundle> trustBundle = builder.trustBundle;
		Supplier<TrustBundle> present = () -> Objects.requireNonNull(trustBundle.get(),
				"the trust bundle must not be null");
		this.verifier = ServerVerifier.of(this.trustDomain, present, builder.clock);
		this.answers = new Answers(this.trustDomain, present, builder.clock);
		this.userAgent = builder.userAgent;
		this.callTimeout = builder.callTimeout;
		this.attestTimeout = builder.attestTimeout;
		this.network = new Network(builder.resolver, builder.timeouts, builder.time);
		this.anonymous = open(null);
	}

	/**
	 * Create a builder for a client.
	 * @param address the address of the server
	 * @param trustDomain the trust domain of the server
	 * @param trustBundle supplies the current trust bundle, never {@code null}, to any
	 * thread; if it throws, no server is trusted
	 * ({@link FailureReason#SERVER_NOT_TRUSTED}) and no SVID accepted
	 * ({@link FailureReason#INVALID_SVID})
	 * @return a builder
	 */
	public static Builder builder(ServerAddress address, TrustDomain trustDomain, Supplier<TrustBundle> trustBundle) {
		return new Builder(address, trustDomain, trustBundle);
	}

	/**
	 * Attest on a separate connection. From then on, the server no longer accepts an
	 * earlier SVID of the same agent.
	 * @param type the type of the payload, such as {@code k8s_psat}
	 * @param payload the payload, which is copied
	 * @param key a fresh key pair of a supported {@link KeyType}
	 * @return the agent SVID, whose ID the server chooses
	 * @throws IllegalArgumentException if the key type is not supported, or the keys are
	 * not a pair
	 * @throws SpireException if the server refuses, cannot be reached or trusted, or
	 * returns something else
	 */
	public X509Svid attest(String type, byte[] payload, KeyPair key) {
		Objects.requireNonNull(type, "'type' must not be null");
		Objects.requireNonNull(payload, "'payload' must not be null");
		Objects.requireNonNull(key, "'key' must not be null");
		byte[] request = new MessageWriter()
			.message(FieldNumbers.ATTEST_AGENT_REQUEST_PARAMS,
					new MessageWriter()
						.message(FieldNumbers.ATTEST_AGENT_REQUEST_PARAMS_DATA,
								new MessageWriter().text(FieldNumbers.ATTESTATION_DATA_TYPE, type)
									.bytes(FieldNumbers.ATTESTATION_DATA_PAYLOAD, payload))
						.message(FieldNumbers.ATTEST_AGENT_REQUEST_PARAMS_PARAMS,
								new MessageWriter().bytes(FieldNumbers.AGENT_X509SVID_PARAMS_CSR,
										CertificateRequest.of(key))))
			.toByteArray();
		GrpcChannel channel = open(null);
		try {
			Message response = attest(channel, request, payload);
			// of both, which no server sends, the one that is refused counts
			if (response.has(FieldNumbers.ATTEST_AGENT_RESPONSE_CHALLENGE)) {
				throw new SpireException(FailureReason.CHALLENGED,
						"The SPIRE Server returned a challenge, which %s does not know".formatted(type));
			}
			if (!response.has(FieldNumbers.ATTEST_AGENT_RESPONSE_RESULT)) {
				throw new SpireException(FailureReason.INVALID_SVID, "The SPIRE Server returned no agent SVID");
			}
			Message svid = response.message(FieldNumbers.ATTEST_AGENT_RESPONSE_RESULT)
				.message(FieldNumbers.ATTEST_AGENT_RESPONSE_RESULT_SVID);
			return this.answers.x509Svid(svid, key, this::isAgent, null);
		}
		finally {
			close(channel);
		}
	}

	/**
	 * The server may quote what its cluster says of a token, with which anybody can
	 * attest.
	 */
	private Message attest(GrpcChannel channel, byte[] request, byte[] payload) {
		try {
			return channel.call(GrpcMethod.ATTEST_AGENT, request, this.attestTimeout);
		}
		catch (SpireException ex) {
			String message = String.valueOf(ex.getMessage());
			Matcher tokens = TOKEN.matcher(new String(payload, StandardCharsets.ISO_8859_1));
			while (tokens.find()) {
				if (Quoted.repeats(message, tokens.group())) {
					throw new SpireException(ex.reason(),
							"The SPIRE Server refused the attestation with a message that quotes the token");
				}
			}
			throw ex;
		}
	}

	/**
	 * Request the trust bundle without a client certificate, whatever the state of the
	 * agent.
	 * @return the trust bundle
	 * @throws SpireException if the server does not answer, or with a trust bundle that
	 * is malformed
	 */
	public TrustBundle trustBundle() {
		return this.answers
			.trustBundle(this.anonymous.call(GrpcMethod.GET_BUNDLE, GrpcMethod.EMPTY_REQUEST, this.callTimeout));
	}

	/**
	 * Open a connection with mutual TLS, which is established on first use and whenever
	 * the server ends it. Closing this client closes it, too.
	 * @param agentSvid the agent SVID
	 * @param key the key pair for which the agent SVID was requested
	 * @return the connection
	 */
	public AgentConnection connect(X509Svid agentSvid, KeyPair key) {
		Objects.requireNonNull(agentSvid, "'agentSvid' must not be null");
		Objects.requireNonNull(key, "'key' must not be null");
		GrpcChannel channel = open(new AgentKeyManager(agentSvid.chain(), key.getPrivate()));
		return new AgentConnection(channel, this.callTimeout, this.answers, () -> close(channel));
	}

	private GrpcChannel open(@Nullable AgentKeyManager keys) {
		GrpcChannel channel = new GrpcChannel(this.address, this.verifier, keys, this.userAgent, this.network);
		this.open.add(channel);
		if (this.closed) {
			close(channel);
		}
		return channel;
	}

	private void close(GrpcChannel channel) {
		this.open.remove(channel);
		channel.close();
	}

	private boolean isAgent(SpiffeId spiffeId) {
		return spiffeId.trustDomain().equals(this.trustDomain) && spiffeId.path().startsWith(AGENT_PATH);
	}

	/**
	 * Close this client and its connections. Calls in flight and later ones fail with
	 * {@link FailureReason#CANCELLED}. Before JDK 21, open connections remain until they
	 * are garbage collected, with one thread each.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.open.forEach(this::close);
	}

	/** Builds a {@link SpireClient}. */
	public static final class Builder {

		private final ServerAddress address;

		private final TrustDomain trustDomain;

		private final Supplier<TrustBundle> trustBundle;

		private String userAgent = Settings.DEFAULT_USER_AGENT;

		private Duration callTimeout = Duration.ofSeconds(20);

		private Duration attestTimeout = Duration.ofSeconds(180);

		private Time time = Time.ofSystem();

		private Clock clock = this.time.clock();

		private Network.Timeouts timeouts = Network.Timeouts.usual();

		private Network.Resolver resolver = Network.Resolver.SYSTEM;

		Builder(ServerAddress address, TrustDomain trustDomain, Supplier<TrustBundle> trustBundle) {
			this.address = Objects.requireNonNull(address, "'address' must not be null");
			this.trustDomain = Objects.requireNonNull(trustDomain, "'trustDomain' must not be null");
			this.trustBundle = Objects.requireNonNull(trustBundle, "'trustBundle' must not be null");
		}

		/**
		 * Set the header {@code user-agent}.
		 * @param userAgent the value, in printable ASCII
		 * @return this builder
		 * @throws IllegalArgumentException if it is empty or not printable ASCII
		 */
		public Builder userAgent(String userAgent) {
			this.userAgent = Settings.userAgent(userAgent);
			return this;
		}

		/**
		 * Set how long a call may take, including the time to connect: by default 20
		 * seconds.
		 * @param callTimeout the timeout
		 * @return this builder
		 * @throws IllegalArgumentException if the timeout is not positive
		 */
		public Builder callTimeout(Duration callTimeout) {
			this.callTimeout = Settings.timeout(callTimeout, "callTimeout");
			return this;
		}

		/**
		 * Set how long an attestation may take, including the time to connect: by default
		 * 180 seconds, since the server queues all but one agent per second and source
		 * address.
		 * @param attestTimeout the timeout
		 * @return this builder
		 * @throws IllegalArgumentException if the timeout is not positive
		 */
		public Builder attestTimeout(Duration attestTimeout) {
			this.attestTimeout = Settings.timeout(attestTimeout, "attestTimeout");
			return this;
		}

		/**
		 * Set the clock for the validity of certificates, by default the system's.
		 * @param clock the clock
		 * @return this builder
		 */
		public Builder clock(Clock clock) {
			this.clock = Objects.requireNonNull(clock, "'clock' must not be null");
			return this;
		}

		Builder time(Time time) {
			this.time = time;
			return clock(time.clock());
		}

		Builder timeouts(Network.Timeouts timeouts) {
			this.timeouts = timeouts;
			return this;
		}

		Builder resolver(Network.Resolver resolver) {
			this.resolver = resolver;
			return this;
		}

		/**
		 * Build the client. It connects on first use.
		 * @return a new client, to be closed by the caller
		 */
		public SpireClient build() {
			return new SpireClient(this);
		}

	}

}
