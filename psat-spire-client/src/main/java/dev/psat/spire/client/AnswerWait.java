package dev.psat.spire.client;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.Time;
import org.jspecify.annotations.Nullable;

/**
 * A call that hears nothing is judged by what else is heard on its connection: a server
 * that answers others is slow, and the call waits on. One that has never answered
 * anything may be slow as well, so the call goes on to another address, but not to the
 * same one.
 */
final class AnswerWait {

	private final ServerAddress server;

	private final Connections connections;

	private final @Nullable Refusal refusal;

	private final Waits waits;

	private final Network.Timeouts timeouts;

	private final Time time;

	AnswerWait(ServerAddress server, Connections connections, @Nullable Refusal refusal, Waits waits, Network network) {
		this.server = server;
		this.connections = connections;
		this.refusal = refusal;
		this.waits = waits;
		this.timeouts = network.timeouts();
		this.time = network.time();
	}

	@Nullable HttpResponse<Optional<byte[]>> await(Connection.Exchange exchange, GrpcCall call, boolean repeatable)
			throws TimeoutException {
		try {
			return judge(exchange, call, repeatable);
		}
		catch (ExecutionException ex) {
			if (call.patience().isPassed()) {
				// the server, too, looks at the time, and ends the call
				throw timedOut(exchange, call);
			}
			if (repeatable && !exchange.isFirst()) {
				this.connections.drop(exchange.connection());
				return null;
			}
			throw broken(exchange, call, ex.getCause());
		}
		catch (TimeoutException ex) {
			throw timedOut(exchange, call);
		}
	}

	private TimeoutException timedOut(Connection.Exchange exchange, GrpcCall call) {
		if (call.late() != null) {
			exchange.leave(call.late());
		}
		if (!call.isAttestation()) {
			warn(exchange.connection());
		}
		return new TimeoutException(exchange.where());
	}

	private @Nullable HttpResponse<Optional<byte[]>> judge(Connection.Exchange exchange, GrpcCall call,
			boolean repeatable) throws ExecutionException, TimeoutException {
		Connection connection = exchange.connection();
		for (Duration silence = this.timeouts.silence(call);; silence = silence.multipliedBy(2)) {
			if (isAnswered(exchange, call, silence)) {
				break;
			}
			if (isDead(exchange, call)) {
				this.connections.drop(connection);
				if (call.isAttestation()) {
					throw new SpireException(FailureReason.UNREACHABLE,
							"The SPIRE Server at %s answers neither %s nor anything else on the same connection"
								.formatted(exchange.where(), call.path().substring(1)));
				}
				if (repeatable && (!exchange.isFirst() || this.connections.isAnyOther(connection))) {
					return null;
				}
				break;
			}
			if (repeatable && exchange.isLeftBehind()) {
				// unless it is the one that has connected
				if (isAnswered(exchange, call, silence)) {
					break;
				}
				return null;
			}
		}
		return this.waits.await(exchange.response(), call.patience());
	}

	private boolean isAnswered(Connection.Exchange exchange, GrpcCall call, Duration time)
			throws ExecutionException, TimeoutException {
		try {
			this.waits.await(exchange.response(), call.patience().within(time));
			return true;
		}
		catch (TimeoutException ex) {
			if (call.patience().isPassed()) {
				throw ex;
			}
			return exchange.hasHeaders();
		}
	}

	private void warn(Connection connection) {
		if (!connection.liveness().isHeard()) {
			this.connections.suspect(connection);
		}
		if (this.connections.isCurrent(connection)) {
			probe(connection);
		}
	}

	private boolean isDead(Connection.Exchange exchange, GrpcCall call) {
		Connection connection = exchange.connection();
		Connection.Liveness liveness = connection.liveness();
		if (!liveness.isSilentFor(this.timeouts.silence(call))) {
			return false;
		}
		try {
			this.waits.await(CompletableFuture.anyOf(exchange.response(), probe(connection)),
					call.patience().within(liveness.left(this.timeouts.judgement(call))));
		}
		catch (ExecutionException | TimeoutException ex) {
			// what is known by now decides
		}
		if (this.refusal != null && this.refusal.alert() != null) {
			this.connections.retire(connection);
			throw this.refusal.exception();
		}
		return liveness.isDead(this.timeouts.judgement(call));
	}

	private CompletableFuture<?> probe(Connection connection) {
		return connection.liveness().probe(() -> requestBundle(connection));
	}

	/** The rate of this call is not limited. A certificate may be refused meanwhile. */
	private CompletableFuture<?> requestBundle(Connection connection) {
		CompletableFuture<?> bundle = connection
			.send(GrpcCall.unattended(GrpcMethod.GET_BUNDLE, GrpcMethod.EMPTY_REQUEST,
					Deadline.in(this.timeouts.probe(), this.time)))
			.response();
		if (this.refusal == null) {
			return bundle;
		}
		CompletableFuture<Optional<String>> alert = this.refusal.probe(connection.address());
		return CompletableFuture.anyOf(
				bundle.exceptionallyCompose(
						(failure) -> alert.thenCompose((any) -> CompletableFuture.failedFuture(failure))),
				alert.thenCompose((found) -> found.isPresent() ? CompletableFuture.completedFuture(found)
						: new CompletableFuture<>()));
	}

	private SpireException broken(Connection.Exchange exchange, GrpcCall call, @Nullable Throwable cause) {
		if (this.refusal != null && isRefused(this.refusal, exchange.connection(), call.patience())) {
			this.connections.retire(exchange.connection());
			return this.refusal.exception();
		}
		this.connections.drop(exchange.connection());
		return exchange.hasHeaders()
				? new SpireException(FailureReason.PROTOCOL_ERROR,
						"%s at %s did not complete its answer".formatted(this.server, exchange.where()), cause)
				: new SpireException(FailureReason.UNREACHABLE,
						"The connection to %s at %s ended before the answer".formatted(this.server, exchange.where()),
						cause);
	}

	private boolean isRefused(Refusal refusal, Connection connection, Deadline deadline) {
		try {
			// a copy, since closing cancels the futures that are waited for
			return this.waits.await(refusal.probe(connection.address()).copy(), deadline).isPresent();
		}
		catch (ExecutionException | TimeoutException ex) {
			return false;
		}
	}

}
