package dev.psat.spire.client;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.psat.spire.client.Exchange.Answer;
import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.GrpcFrame;
import dev.psat.spire.wire.internal.Message;
import org.jspecify.annotations.Nullable;

/**
 * Calls a SPIRE Server over gRPC, with or without a client certificate, on one connection
 * that is opened on demand. Safe for use by multiple threads.
 * <p>
 * A call that breaks on a connection that was already open is repeated once on a new one,
 * and so is one that waits for a connection that turns out to be dead. A call that seems
 * to be lost while others are answered is repeated on the same connection. A call that
 * needs a new connection is sent once, and if nothing is answered on it, also to another
 * address at which nothing has failed lately. Once the server has refused the client
 * certificate, every call fails immediately.
 */
final class GrpcChannel implements AutoCloseable {

	private final ServerAddress server;

	private final ChannelTls tls;

	private final Waits waits = new Waits();

	private final Connections connections;

	private final Refusal refusal;

	private final AnswerWait answers;

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
		this.refusal = new Refusal(server, this.tls, network.threads(), network.timeouts());
		Dialer dialer = new Dialer(server, network.resolver(),
				() -> new Connection(server, this.tls, userAgent, network.threads(), network.timeouts()),
				network.threads(), this.waits);
		this.connections = new Connections(server, network, dialer,
				Connection.isClosable() ? null : new Preflight(this.tls, network, this.waits), this.waits);
		this.answers = new AnswerWait(this.connections, this.tls.isMutual() ? this.refusal : null, this.waits,
				network.timeouts());
	}

	/**
	 * Call a method, and wait for the answer. An interrupt ends the wait and is
	 * preserved.
	 * @param method the method
	 * @param request the request
	 * @param timeout how long to wait at most, from the first connection to the last byte
	 * @return the answer
	 * @throws GrpcStatusException if the server returns a status other than success
	 * @throws SpireException if there is neither an answer nor a status
	 */
	Message call(GrpcMethod method, byte[] request, Duration timeout) throws GrpcStatusException {
		return call(method, new GrpcCall(method.path(), GrpcFrame.of(request), Deadline.in(timeout)), timeout);
	}

	/**
	 * Call a method, and wait for the answer, but not as long as the server may take.
	 * @param method the method
	 * @param request the request
	 * @param timeout how long the server may take
	 * @param patience how long to wait at most
	 * @param late receives an answer that arrives after that, on another thread
	 * @return the answer
	 * @throws GrpcStatusException if the server returns a status other than success
	 * @throws SpireException if there is neither an answer nor a status by then
	 */
	Message call(GrpcMethod method, byte[] request, Duration timeout, Duration patience, Consumer<Message> late)
			throws GrpcStatusException {
		Deadline deadline = Deadline.in(timeout);
		GrpcCall call = new GrpcCall(method.path(), GrpcFrame.of(request), deadline, deadline.within(patience),
				(answer) -> {
					try {
						late.accept(method.parse(GrpcResponse.message(answer.response()),
								() -> malformed(method, answer.exchange())));
					}
					catch (GrpcStatusException ex) {
						// nobody waits for it
					}
				});
		return call(method, call, patience);
	}

	private Message call(GrpcMethod method, GrpcCall call, Duration timeout) throws GrpcStatusException {
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
	private Message read(GrpcMethod method, Answer answer) throws GrpcStatusException {
		Exchange exchange = answer.exchange();
		try {
			return method.parse(message(answer), () -> {
				this.connections.leave(exchange.connection());
				return malformed(method, exchange);
			});
		}
		catch (GrpcStatusException ex) {
			if (StatusRule.isOfServer(ex.code(), ex.statusMessage())) {
				this.connections.leave(exchange.connection());
			}
			throw ex.at(exchange.where());
		}
	}

	private byte[] message(Answer answer) throws GrpcStatusException {
		try {
			return GrpcResponse.message(answer.response());
		}
		catch (SpireException ex) {
			Exchange exchange = answer.exchange();
			this.connections.leave(exchange.connection());
			throw new SpireException(ex.reason(), "%s, from %s".formatted(ex.getMessage(), exchange.where()), ex);
		}
	}

	private static SpireException malformed(GrpcMethod method, Exchange exchange) {
		return new SpireException(FailureReason.PROTOCOL_ERROR,
				"The answer to %s cannot be parsed, from %s".formatted(method.fullName(), exchange.where()));
	}

	private Answer exchange(GrpcCall call) throws TimeoutException {
		try (Exchange exchange = send(call)) {
			try {
				Answer answer = await(exchange, exchange.answer(), call, !call.isAttestation());
				if (answer != null) {
					return answer;
				}
				return exchange.isFirst() ? askAnother(exchange, call) : repeat(exchange, call);
			}
			catch (ExecutionException ex) {
				if (exchange.isFirst()) {
					throw broken(exchange, call, ex.getCause());
				}
				this.connections.drop(exchange.connection());
				return repeat(exchange, call);
			}
		}
	}

	private Answer repeat(Exchange exchange, GrpcCall call) throws TimeoutException {
		try (Exchange again = send(call)) {
			try {
				return Objects.requireNonNull(await(again, exchange.answerOr(again), call, false));
			}
			catch (ExecutionException ex) {
				throw broken(again, call, ex.getCause());
			}
		}
		catch (TimeoutException ex) {
			leave(exchange, call);
			throw ex;
		}
	}

	/**
	 * Send a call to another address, too, since nothing is answered on the connection
	 * that was made for it. That server may only be slow, so its answer counts until the
	 * end, whatever becomes of the other one.
	 */
	private Answer askAnother(Exchange exchange, GrpcCall call) throws TimeoutException {
		String where = exchange.where();
		Exchange other = null;
		try {
			checkSendable(call);
			other = this.connections.sendElsewhere(call, exchange.connection());
			if (other != null) {
				where = "%s and %s".formatted(where, other.where());
			}
		}
		catch (SpireException ex) {
			if (ex.reason() == FailureReason.CANCELLED || ex.reason() == FailureReason.CERTIFICATE_REFUSED) {
				throw ex;
			}
			where = "%s (and %s)".formatted(where, ex.getMessage());
		}
		catch (TimeoutException ex) {
			// the call has no more time, but may have an answer
		}
		try (Exchange last = (other != null) ? other : exchange) {
			return awaitEither(exchange, last, where, call);
		}
		catch (TimeoutException ex) {
			leave(exchange, call);
			throw new TimeoutException(where);
		}
	}

	private Answer awaitEither(Exchange exchange, Exchange last, String where, GrpcCall call) throws TimeoutException {
		try {
			return Objects.requireNonNull(await(last, exchange.either(last), call, false));
		}
		catch (ExecutionException ex) {
			throw broken(last, where, call, ex.getCause());
		}
	}

	private Exchange send(GrpcCall call) throws TimeoutException {
		checkSendable(call);
		return this.connections.send(call);
	}

	private void checkSendable(GrpcCall call) throws TimeoutException {
		if (call.patience().isPassed()) {
			throw new TimeoutException();
		}
		this.waits.checkOpen();
		if (this.refusal.alert() != null) {
			throw this.refusal.exception();
		}
	}

	private @Nullable Answer await(Exchange exchange, CompletableFuture<Answer> answer, GrpcCall call,
			boolean repeatable) throws ExecutionException, TimeoutException {
		try {
			return this.answers.await(exchange, answer, call, repeatable);
		}
		catch (TimeoutException ex) {
			leave(exchange, call);
			throw ex;
		}
	}

	private static void leave(Exchange exchange, GrpcCall call) {
		if (call.late() != null) {
			exchange.leave(call.late());
		}
	}

	private SpireException broken(Exchange exchange, GrpcCall call, @Nullable Throwable cause) {
		return broken(exchange, exchange.where(), call, cause);
	}

	private SpireException broken(Exchange exchange, String where, GrpcCall call, @Nullable Throwable cause) {
		if (this.tls.isMutual() && isRefused(exchange.connection(), call.patience())) {
			this.connections.retire(exchange.connection());
			return this.refusal.exception();
		}
		this.connections.drop(exchange.connection());
		return exchange.hasHeaders()
				? new SpireException(FailureReason.PROTOCOL_ERROR,
						"%s at %s did not complete its answer".formatted(this.server, where), cause)
				: new SpireException(FailureReason.UNREACHABLE,
						"The connection to %s at %s ended before the answer".formatted(this.server, where), cause);
	}

	/**
	 * Find out whether the server refuses the client certificate.
	 */
	private boolean isRefused(Connection connection, Deadline deadline) {
		try {
			return this.waits.await(this.refusal.probe(connection.address()).copy(), deadline).isPresent();
		}
		catch (ExecutionException | TimeoutException ex) {
			return false;
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
