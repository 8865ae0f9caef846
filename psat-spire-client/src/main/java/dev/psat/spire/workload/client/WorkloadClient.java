package dev.psat.spire.workload.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.internal.Quoted;
import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.GrpcStatus;
import dev.psat.spire.wire.internal.Message;
import dev.psat.spire.wire.internal.MessageWriter;
import dev.psat.spire.wire.internal.Settings;
import dev.psat.spire.wire.internal.Time;
import org.jspecify.annotations.Nullable;

/**
 * A client of the SPIFFE Workload API, by which an agent on the same machine hands out
 * the identities of a process. Every call has a connection of its own, to which the agent
 * attests the process. Calls throw a {@link WorkloadException} if the agent refuses, does
 * not answer in time or goes away, if what it returns is not valid or was not requested,
 * if the thread is interrupted, or the client is closed. Instances are safe for use by
 * multiple threads.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_API.md">SPIFFE
 * Workload API</a>
 */
public final class WorkloadClient implements AutoCloseable {

	private static final String SERVICE = "SpiffeWorkloadAPI/";

	private static final byte[] EMPTY_REQUEST = {};

	private final WorkloadEndpoint endpoint;

	private final WorkloadAnswers answers = new WorkloadAnswers();

	private final String userAgent;

	private final Duration patience;

	private final Time time;

	private final Set<WorkloadCall> calls = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	private WorkloadClient(Builder builder) {
		this.endpoint = builder.endpoint;
		this.userAgent = builder.userAgent;
		this.patience = builder.startTimeout;
		this.time = builder.time;
	}

	/**
	 * Create a builder for a client.
	 * @param endpoint where the Workload API is
	 * @return the builder
	 */
	public static Builder builder(WorkloadEndpoint endpoint) {
		return new Builder(endpoint);
	}

	/**
	 * Follow the X.509-SVIDs. This method returns when a stream that has had an update
	 * ends, or its agent goes away; to go on, call it again.
	 * @param listener receives each update, in the calling thread
	 */
	public void followX509(Consumer<WorkloadX509Update> listener) {
		follow("FetchX509SVID", this.answers::x509, listener);
	}

	/**
	 * Follow the trust bundles of the own trust domain and of others, without SVIDs.
	 * @param listener receives each update, in the calling thread: trust bundles with
	 * only X.509 authorities
	 * @see #followX509(Consumer)
	 */
	public void followX509Bundles(Consumer<Map<TrustDomain, TrustBundle>> listener) {
		follow("FetchX509Bundles", this.answers::x509Bundles, listener);
	}

	/**
	 * Follow the authorities for JWT-SVIDs of the own trust domain and of others.
	 * @param listener receives each update, in the calling thread: trust bundles with
	 * only JWT authorities
	 * @see #followX509(Consumer)
	 */
	public void followJwtAuthorities(Consumer<Map<TrustDomain, TrustBundle>> listener) {
		follow("FetchJWTBundles", this.answers::jwtBundles, listener);
	}

	private <T> void follow(String method, Function<Message, T> answers, Consumer<T> listener) {
		Objects.requireNonNull(listener, "'listener' must not be null");
		call(method, EMPTY_REQUEST, (call) -> {
			// an agent that has no identity says so, and need not be waited for in
			// silence
			byte[] message = call.next(Deadline.in(this.patience, this.time));
			while (message != null) {
				listener.accept(answers.apply(message(method, message)));
				message = nextOrEnd(call);
			}
			return method;
		});
	}

	/** An agent that stops just closes the connection. */
	private byte @Nullable [] nextOrEnd(WorkloadCall call) throws GrpcStatus.NotOkException {
		try {
			return call.next(Deadline.never(this.time));
		}
		catch (WorkloadException ex) {
			if (ex.reason() == WorkloadFailureReason.UNREACHABLE) {
				return null;
			}
			throw ex;
		}
	}

	/**
	 * Request JWT-SVIDs.
	 * @param audience the audiences, at least one
	 * @param spiffeId the SPIFFE ID, {@code null} for one JWT-SVID of each ID
	 * @param timeout how long to wait at most
	 * @return the JWT-SVIDs in the order of the agent, at least one, and only the first
	 * of several with the same hint
	 */
	public List<WorkloadJwtSvid> jwtSvids(Collection<String> audience, @Nullable SpiffeId spiffeId, Duration timeout) {
		Objects.requireNonNull(audience, "'audience' must not be null");
		Objects.requireNonNull(timeout, "'timeout' must not be null");
		byte[] request = new MessageWriter().texts(WorkloadFields.JWTSVID_REQUEST_AUDIENCE, audience)
			.text(WorkloadFields.JWTSVID_REQUEST_SPIFFE_ID, (spiffeId != null) ? spiffeId.toString() : "")
			.toByteArray();
		return this.answers.jwtSvids(call("FetchJWTSVID", request, timeout), audience, spiffeId);
	}

	/**
	 * Have the agent validate a JWT-SVID.
	 * @param token the token
	 * @param audience the audience that it must name
	 * @param timeout how long to wait at most
	 * @return its subject
	 * @throws WorkloadException with {@link WorkloadFailureReason#INVALID_REQUEST} if it
	 * is not valid
	 */
	public SpiffeId validate(String token, String audience, Duration timeout) {
		Objects.requireNonNull(token, "'token' must not be null");
		Objects.requireNonNull(audience, "'audience' must not be null");
		Objects.requireNonNull(timeout, "'timeout' must not be null");
		byte[] request = new MessageWriter().text(WorkloadFields.VALIDATE_JWTSVID_REQUEST_AUDIENCE, audience)
			.text(WorkloadFields.VALIDATE_JWTSVID_REQUEST_SVID, token)
			.toByteArray();
		try {
			return this.answers.validated(call("ValidateJWTSVID", request, timeout));
		}
		catch (WorkloadException ex) {
			throw withoutToken(ex, token);
		}
	}

	/** The agent may quote the token, with which anybody can act as its subject. */
	private static WorkloadException withoutToken(WorkloadException ex, String token) {
		return Quoted.repeats(String.valueOf(ex.getMessage()), token) ? new WorkloadException(ex.reason(),
				"The agent refused ValidateJWTSVID with a message that quotes the token") : ex;
	}

	private Message call(String method, byte[] request, Duration timeout) {
		Deadline deadline = Deadline.in(timeout, this.time);
		return call(method, request, (call) -> {
			byte[] message = call.next(deadline);
			if (message == null) {
				throw new WorkloadException(WorkloadFailureReason.PROTOCOL_ERROR,
						"The answer to %s holds no message".formatted(method));
			}
			if (call.next(deadline) != null) {
				throw new WorkloadException(WorkloadFailureReason.PROTOCOL_ERROR,
						"The answer to %s holds several messages".formatted(method));
			}
			return message(method, message);
		});
	}

	private <T> T call(String method, byte[] request, Conversation<T> conversation) {
		try (WorkloadCall call = new WorkloadCall(this.endpoint, SERVICE + method, request, this.userAgent,
				this.time)) {
			this.calls.add(call);
			try {
				if (this.closed) {
					throw new WorkloadException(WorkloadFailureReason.CANCELLED, "The client is closed");
				}
				return conversation.with(call);
			}
			finally {
				this.calls.remove(call);
			}
		}
		catch (GrpcStatus.NotOkException ex) {
			throw failure(method, ex.status());
		}
	}

	private static Message message(String method, byte[] message) {
		return new Message(message, () -> new WorkloadException(WorkloadFailureReason.PROTOCOL_ERROR,
				"The answer to %s cannot be parsed".formatted(method)));
	}

	private static WorkloadException failure(String method, GrpcStatus status) {
		WorkloadFailureReason reason = switch (status.code()) {
			case 3 -> WorkloadFailureReason.INVALID_REQUEST;
			case 4 -> WorkloadFailureReason.TIMED_OUT;
			case 7 -> WorkloadFailureReason.NO_IDENTITY;
			case 12 -> WorkloadFailureReason.UNIMPLEMENTED;
			case 14 -> WorkloadFailureReason.UNAVAILABLE;
			default -> WorkloadFailureReason.AGENT_ERROR;
		};
		return new WorkloadException(reason,
				"The agent refused %s with status %s: %s".formatted(method, Integer.toUnsignedString(status.code()),
						status.message().isEmpty() ? "no message" : Quoted.line(status.message())));
	}

	/**
	 * Close the client. Calls in flight and later ones fail with
	 * {@link WorkloadFailureReason#CANCELLED}.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.calls.forEach(WorkloadCall::close);
	}

	private interface Conversation<T> {

		T with(WorkloadCall call) throws GrpcStatus.NotOkException;

	}

	/** Builds a {@link WorkloadClient}. */
	public static final class Builder {

		private final WorkloadEndpoint endpoint;

		private String userAgent = Settings.DEFAULT_USER_AGENT;

		private Duration startTimeout = Duration.ofSeconds(20);

		private Time time = Time.ofSystem();

		Builder(WorkloadEndpoint endpoint) {
			this.endpoint = Objects.requireNonNull(endpoint, "'endpoint' must not be null");
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
		 * Set how long the first message of a stream may take, including the time to
		 * connect and to be attested: by default 20 seconds. After it, a stream may be
		 * silent for as long as it wants.
		 * @param startTimeout the timeout
		 * @return this builder
		 * @throws IllegalArgumentException if the timeout is not positive
		 */
		public Builder startTimeout(Duration startTimeout) {
			this.startTimeout = Settings.timeout(startTimeout, "startTimeout");
			return this;
		}

		Builder time(Time time) {
			this.time = time;
			return this;
		}

		/**
		 * Build the client. It connects with each call.
		 * @return a new client, to be closed by the caller
		 */
		public WorkloadClient build() {
			return new WorkloadClient(this);
		}

	}

}
