package dev.psat.spire.client;

import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.GrpcFrame;
import dev.psat.spire.wire.internal.GrpcStatus;
import dev.psat.spire.wire.internal.Message;
import dev.psat.spire.wire.internal.Time;
import org.jspecify.annotations.Nullable;

/**
 * Calls a SPIRE Server over gRPC on one connection that is opened on demand.
 * <p>
 * A call that breaks, or hears nothing, on a connection that was already open is repeated
 * once on a new one, as is one that hears nothing while the JDK has opened a new one. A
 * call that needs a new connection is repeated only if nothing is answered on that, and
 * there is another address at which nothing has failed lately. Once the server has
 * refused the client certificate, every call fails immediately.
 */
final class GrpcChannel implements AutoCloseable {

	private final ServerAddress server;

	private final Time time;

	private final Waits waits = new Waits();

	private final Connections connections;

	private final Refusal refusal;

	private final AnswerWait answers;

	GrpcChannel(ServerAddress server, ServerVerifier verifier, @Nullable AgentKeyManager keys, String userAgent,
			Network network) {
		this.server = server;
		this.time = network.time();
		ChannelTls tls = new ChannelTls(server, verifier, keys);
		this.refusal = new Refusal(server, tls, network);
		Dialer dialer = new Dialer(server, network.resolver(),
				(address) -> new Connection(new InetSocketAddress(address, server.port()), tls, userAgent, network),
				network.threads(), this.waits);
		this.connections = new Connections(server, network, dialer,
				Connection.isClosable() ? null : new Preflight(tls, network, this.waits), this.waits);
		this.answers = new AnswerWait(server, this.connections, tls.isMutual() ? this.refusal : null, this.waits,
				network);
	}

	Message call(GrpcMethod method, byte[] request, Duration timeout) {
		return call(method, new GrpcCall(method.path(), GrpcFrame.of(request), Deadline.in(timeout, this.time)),
				timeout);
	}

	Message call(GrpcMethod method, byte[] request, Duration timeout, Duration patience, Consumer<Message> late) {
		if (patience.compareTo(timeout) >= 0) {
			return call(method, request, timeout);
		}
		Deadline deadline = Deadline.in(timeout, this.time);
		GrpcCall call = new GrpcCall(method.path(), GrpcFrame.of(request), deadline, deadline.within(patience),
				(response) -> {
					try {
						late.accept(method.parse(GrpcResponse.message(response), () -> malformed(method, "a server")));
					}
					catch (GrpcStatus.NotOkException ex) {
						// nobody waits for it
					}
				});
		return call(method, call, patience);
	}

	private Message call(GrpcMethod method, GrpcCall call, Duration timeout) {
		try {
			try (Connection.Exchange exchange = send(call)) {
				HttpResponse<Optional<byte[]>> response = this.answers.await(exchange, call, !call.isAttestation());
				if (response != null) {
					return read(method, exchange, response);
				}
			}
			try (Connection.Exchange again = send(call)) {
				return read(method, again, Objects.requireNonNull(this.answers.await(again, call, false)));
			}
		}
		catch (TimeoutException ex) {
			String where = (ex.getMessage() != null) ? " at " + ex.getMessage() : "";
			throw new SpireException(FailureReason.TIMED_OUT,
					"%s%s did not answer %s within %s, including the time to connect".formatted(this.server, where,
							method.fullName(), timeout));
		}
	}

	private Connection.Exchange send(GrpcCall call) throws TimeoutException {
		if (call.patience().isPassed()) {
			throw new TimeoutException();
		}
		this.waits.checkOpen();
		if (this.refusal.alert() != null) {
			throw this.refusal.exception();
		}
		return this.connections.send(call);
	}

	private Message read(GrpcMethod method, Connection.Exchange exchange, HttpResponse<Optional<byte[]>> response) {
		try {
			return method.parse(message(exchange, response), () -> {
				this.connections.leave(exchange.connection());
				return malformed(method, exchange.where());
			});
		}
		catch (GrpcStatus.NotOkException ex) {
			if (ServerFailure.isOfServer(ex.status())) {
				this.connections.leave(exchange.connection());
			}
			throw ServerFailure.of(exchange.where(), ex.status());
		}
	}

	private byte[] message(Connection.Exchange exchange, HttpResponse<Optional<byte[]>> response)
			throws GrpcStatus.NotOkException {
		try {
			return GrpcResponse.message(response);
		}
		catch (SpireException ex) {
			this.connections.leave(exchange.connection());
			throw new SpireException(ex.reason(), "%s, from %s".formatted(ex.getMessage(), exchange.where()), ex);
		}
	}

	private static SpireException malformed(GrpcMethod method, String where) {
		return new SpireException(FailureReason.PROTOCOL_ERROR,
				"The answer to %s cannot be parsed, from %s".formatted(method.fullName(), where));
	}

	@Override
	public void close() {
		this.waits.close();
		this.refusal.close();
		this.connections.close();
	}

}
