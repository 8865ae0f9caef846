package dev.psat.spire.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import dev.psat.spire.client.Exchange.Answer;
import org.jspecify.annotations.Nullable;

/**
 * Waits for answers. A call that hears nothing is judged by what else is heard on its
 * connection: a server that answers others is slow, and the call waits on. It may also
 * have been lost alone, since JDK 17 loses a call that begins just as its connection
 * ends. A server that has never answered anything on its connection may be slow as well,
 * so the call goes on to another address, but not to the same one.
 */
final class AnswerWait {

	private static final Duration NEXT_LOOK = Duration.ofMillis(500);

	private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(10);

	private final Connections connections;

	private final @Nullable Refusal refusal;

	private final Waits waits;

	private final Timeouts timeouts;

	/**
	 * Create a wait.
	 * @param connections the connections of the channel
	 * @param refusal finds out whether the client certificate is refused, {@code null} if
	 * there is none
	 * @param waits the waits of the channel
	 * @param timeouts how long to hear nothing
	 */
	AnswerWait(Connections connections, @Nullable Refusal refusal, Waits waits, Timeouts timeouts) {
		this.connections = connections;
		this.refusal = refusal;
		this.waits = waits;
		this.timeouts = timeouts;
	}

	/**
	 * Wait for the answer to a call.
	 * @param exchange the last exchange of the call
	 * @param answer the answer to this exchange, or to an earlier one
	 * @param call the call
	 * @param repeatable whether the call may be sent once more
	 * @return the answer, {@code null} if the call should be sent once more
	 * @throws ExecutionException if the exchange fails
	 * @throws TimeoutException if there is no answer in time
	 * @throws SpireException if the server refuses the client certificate, or an
	 * attestation waits for a server that is dead
	 */
	@Nullable Answer await(Exchange exchange, CompletableFuture<Answer> answer, GrpcCall call, boolean repeatable)
			throws ExecutionException, TimeoutException {
		Duration silence = this.timeouts.silence(call);
		// a call for which the connection was made is not sent there again
		boolean open = repeatable && !exchange.isFirst();
		while (true) {
			Answer heard = awaitFor(silence, exchange, answer, call);
			if (heard != null) {
				return heard;
			}
			if (exchange.hasHeaders()) {
				return awaitToTheEnd(exchange, answer, call);
			}
			if (isDead(exchange, answer, call)) {
				this.connections.drop(exchange.connection());
				if (call.isAttestation()) {
					throw new SpireException(FailureReason.UNREACHABLE,
							"The SPIRE Server at %s answers neither %s nor anything else on the same connection"
								.formatted(exchange.where(), call.path().substring(1)));
				}
				return (open || repeatable && this.connections.isAnyOther(exchange.connection())) ? null
						: awaitToTheEnd(exchange, answer, call);
			}
			if (open && exchange.beginRepeating()) {
				return null;
			}
			silence = (open && exchange.isOvertaken()) ? NEXT_LOOK : silence.multipliedBy(2);
		}
	}

	private Answer awaitToTheEnd(Exchange exchange, CompletableFuture<Answer> answer, GrpcCall call)
			throws ExecutionException, TimeoutException {
		while (true) {
			Answer heard = awaitFor(Duration.ofNanos(call.patience().remaining()), exchange, answer, call);
			if (heard != null) {
				return heard;
			}
		}
	}

	/**
	 * Wait for some time.
	 * @return the answer, {@code null} if the call has more time
	 */
	private @Nullable Answer awaitFor(Duration time, Exchange exchange, CompletableFuture<Answer> answer, GrpcCall call)
			throws ExecutionException, TimeoutException {
		try {
			return this.waits.await(answer, call.patience().within(time));
		}
		catch (TimeoutException ex) {
			if (!call.patience().isPassed()) {
				return null;
			}
			if (!call.isAttestation()) {
				suspect(exchange);
			}
			throw new TimeoutException(exchange.where());
		}
	}

	/**
	 * Begin to find out for later calls whether a connection is dead.
	 */
	private void suspect(Exchange exchange) {
		Connection connection = exchange.connection();
		if (!connection.liveness().isHeard()) {
			this.connections.suspect(connection);
		}
		if (this.connections.isCurrent(connection) && !exchange.isOvertaken()) {
			connection.liveness().probe(() -> probe(connection));
		}
	}

	private boolean isDead(Exchange exchange, CompletableFuture<Answer> answer, GrpcCall call) {
		Connection connection = exchange.connection();
		Liveness liveness = connection.liveness();
		if (!liveness.isSilentFor(this.timeouts.silence(call))) {
			return false;
		}
		CompletableFuture<?> probe = liveness.probe(() -> probe(connection));
		try {
			this.waits.await(CompletableFuture.anyOf(answer, probe),
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

	/**
	 * Request the trust bundle, whose rate is not limited. On a connection with a client
	 * certificate, also find out whether the server refuses that.
	 */
	private CompletableFuture<?> probe(Connection connection) {
		CompletableFuture<Answer> bundle = connection
			.send(GrpcCall.unattended(GrpcMethod.GET_BUNDLE, GrpcMethod.EMPTY_REQUEST, PROBE_TIMEOUT))
			.answer();
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

}
