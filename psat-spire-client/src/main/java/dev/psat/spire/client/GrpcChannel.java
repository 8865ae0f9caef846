package dev.psat.spire.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import com.google.protobuf.MessageLite;
import org.jspecify.annotations.Nullable;

/**
 * Calls a SPIRE Server over gRPC, with or without a client certificate, on one connection
 * that is opened on demand. Safe for use by multiple threads.
 * <p>
 * A call that breaks or receives nothing for two seconds on a connection that was already
 * open is repeated once on a new one; a call that needs a new connection is sent once.
 * Once the server has refused the client certificate, every call fails immediately.
 */
final class GrpcChannel implements AutoCloseable {

	// one refused call in twenty receives nothing on JDK 17, and neither does a call on
	// any JDK that begins just as its connection ends
	private static final Duration SILENCE = Duration.ofSeconds(2);

	private final ServerAddress server;

	private final ChannelTls tls;

	private final Waits waits = new Waits();

	private final Connections connections;

	private final Refusal refusal;

	/**
	 * Create a channel. It connects on the first call.
	 * @param server where the server listens
	 * @param verifier decides whether the server's certificate is accepted
	 * @param keys the client certificate, {@code null} for none
	 * @param userAgent the {@code user-agent} of each call
	 * @param network what it shares with other channels
	 */
	GrpcChannel(ServerAddress server, ServerVerifier verifier, @Nullable AgentKeyManager keys, String userAgent,
			Network network) {
		this.server = server;
		this.tls = new ChannelTls(server, verifier, keys);
		this.refusal = new Refusal(this.tls, network.threads());
		Dialer dialer = new Dialer(server, network.resolver(),
				() -> new Connection(server, this.tls, userAgent, network.threads()), network.threads(), this.waits);
		this.connections = new Connections(server, network.order(), dialer, this.waits);
	}

	/**
	 * Call a method, and wait for the answer. An interrupt ends the wait and is
	 * preserved.
	 * @param <Q> the type of the request
	 * @param <A> the type of the answer
	 * @param method the method
	 * @param request the request
	 * @param timeout how long to wait at most, from the first connection to the last byte
	 * @return the answer
	 * @throws GrpcStatusException if the server returns a status other than success
	 * @throws SpireException if there is neither an answer nor a status
	 */
	<Q extends MessageLite, A extends MessageLite> A call(GrpcMethod<Q, A> method, Q request, Duration timeout)
			throws GrpcStatusException {
		GrpcCall call = new GrpcCall(method.path(), GrpcFrame.of(request), Deadline.in(timeout));
		try {
			return read(method, exchange(call));
		}
		catch (TimeoutException ex) {
			String where = (ex.getMessage() != null) ? " at " + ex.getMessage() : "";
			throw new SpireException(FailureReason.TIMED_OUT,
					"%s%s did not answer %s within %s, including the time to connect".formatted(this.server, where,
							method.fullName(), timeout));
		}
	}

	/**
	 * Read an answer, and leave a server that does not do its part.
	 */
	private <A extends MessageLite> A read(GrpcMethod<?, A> method, Answer answer) throws GrpcStatusException {
		Exchange exchange = answer.exchange();
		try {
			return method.parse(GrpcResponse.message(answer.response()));
		}
		catch (GrpcStatusException ex) {
			if (StatusRule.isOfServer(ex.code(), ex.statusMessage())) {
				this.connections.leave(exchange.connection());
			}
			throw ex.at(exchange.where());
		}
		catch (SpireException ex) {
			this.connections.leave(exchange.connection());
			throw new SpireException(ex.reason(), "%s, from %s".formatted(ex.getMessage(), exchange.where()), ex);
		}
	}

	private Answer exchange(GrpcCall call) throws TimeoutException {
		for (boolean repeated = false;; repeated = true) {
			if (call.deadline().isPassed()) {
				throw new TimeoutException();
			}
			this.waits.checkOpen();
			checkNotRefused();
			Exchange exchange = this.connections.send(call);
			boolean repeatable = !exchange.isFirst() && !repeated;
			try {
				Answer answer = answer(exchange, call.deadline(), repeatable);
				if (answer != null) {
					return answer;
				}
				this.connections.drop(exchange.connection());
			}
			catch (TimeoutException ex) {
				// the connection may be dead, which TCP notices only after a quarter of
				// an hour
				this.connections.drop(exchange.connection());
				throw new TimeoutException(exchange.where());
			}
			catch (ExecutionException ex) {
				this.connections.drop(exchange.connection());
				if (!repeatable) {
					throw broken(exchange, call.deadline(), ex.getCause());
				}
			}
			finally {
				exchange.cancel();
			}
		}
	}

	/**
	 * Wait for the answer. A call that receives nothing on a connection that was already
	 * open is not necessarily slow: the connection may have ended as the call began, or
	 * the server may have vanished.
	 * @return the answer, {@code null} if the call should be repeated on a new connection
	 */
	private @Nullable Answer answer(Exchange exchange, Deadline deadline, boolean repeatable)
			throws ExecutionException, TimeoutException {
		if (this.tls.isMutual() || repeatable) {
			try {
				return this.waits.await(exchange.answer(), deadline.within(SILENCE));
			}
			catch (TimeoutException ex) {
				if (this.tls.isMutual() && !exchange.hasHeaders()) {
					probe(exchange.connection(), exchange.answer(), deadline);
				}
				if (repeatable && !exchange.hasHeaders()) {
					return null;
				}
			}
		}
		return this.waits.await(exchange.answer(), deadline);
	}

	private SpireException broken(Exchange exchange, Deadline deadline, @Nullable Throwable cause) {
		if (this.tls.isMutual()) {
			try {
				probe(exchange.connection(), new CompletableFuture<>(), deadline);
			}
			catch (ExecutionException | TimeoutException ex) {
				// inconclusive
			}
		}
		return exchange.hasHeaders()
				? new SpireException(FailureReason.PROTOCOL_ERROR,
						"%s at %s did not complete its answer".formatted(this.server, exchange.where()), cause)
				: new SpireException(FailureReason.UNREACHABLE,
						"The connection to %s at %s ended before the answer".formatted(this.server, exchange.where()),
						cause);
	}

	/**
	 * Find out whether the server refuses the client certificate.
	 * @param connection the connection of the call that is in trouble
	 * @param response the response of that call, which ends the wait for the probe
	 * @param deadline how long to wait
	 * @throws ExecutionException if the response fails in the meantime
	 * @throws TimeoutException if neither is known by the deadline
	 * @throws SpireException if the server refuses the certificate
	 */
	private void probe(Connection connection, CompletableFuture<?> response, Deadline deadline)
			throws ExecutionException, TimeoutException {
		CompletableFuture<Optional<String>> refusal = this.refusal.probe(connection.address());
		this.waits.await(CompletableFuture.anyOf(refusal, response), deadline);
		if (refusal.getNow(Optional.empty()).isPresent()) {
			this.connections.drop(connection);
			checkNotRefused();
		}
	}

	private void checkNotRefused() {
		String alert = this.refusal.alert();
		if (alert != null) {
			throw new SpireException(FailureReason.CERTIFICATE_REFUSED,
					"%s refuses the client certificate with the alert %s".formatted(this.server, alert));
		}
	}

	/**
	 * Close the channel. Calls in flight fail with {@link FailureReason#CANCELLED}.
	 * Before JDK 21, an open connection and one thread remain until they are garbage
	 * collected.
	 */
	@Override
	public void close() {
		this.waits.close();
		this.refusal.close();
		this.connections.close();
	}

}
