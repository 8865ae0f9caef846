package dev.psat.spire.client;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the connection of a channel. If there is none, it tries the addresses of the
 * server in turn. An address counts as unreachable until its certificate has been
 * checked.
 */
final class Connections {

	// an HTTP client that has not broken down gives up earlier
	private static final Duration BROKEN = Connection.CONNECT_TIMEOUT.plusSeconds(2);

	private static final Duration SETTLING = Duration.ofMillis(200);

	private final ServerAddress server;

	private final AddressOrder order;

	private final Dialer dialer;

	private final Waits waits;

	private final Turns turns = new Turns();

	private final AtomicReference<@Nullable Connection> current = new AtomicReference<>();

	// as the name was last resolved
	private volatile List<InetAddress> addresses = List.of();

	Connections(ServerAddress server, AddressOrder order, Dialer dialer, Waits waits) {
		this.server = server;
		this.order = order;
		this.dialer = dialer;
		this.waits = waits;
	}

	/**
	 * Send a call, on a new connection if there is none.
	 * @param call the call
	 * @return the exchange with an accepted server
	 * @throws TimeoutException if there is no connection by the call's deadline
	 * @throws SpireException if no connection can be made
	 */
	Exchange send(GrpcCall call) throws TimeoutException {
		return Objects.requireNonNull(send(call, null));
	}

	/**
	 * Send a call to another address than that of a connection.
	 * @param call the call
	 * @param left the connection
	 * @return the exchange with an accepted server, {@code null} if others now use that
	 * address, too, since there is no better one
	 * @throws TimeoutException if there is no connection by the call's deadline
	 * @throws SpireException if no connection can be made
	 */
	@Nullable Exchange sendElsewhere(GrpcCall call, Connection left) throws TimeoutException {
		return send(call, left.address().getAddress());
	}

	private @Nullable Exchange send(GrpcCall call, @Nullable InetAddress except) throws TimeoutException {
		Connection connection = this.current.get();
		if (connection != null && connection.liveness().isDead(Liveness.PATIENCE)) {
			drop(connection);
			connection = null;
		}
		return (connection != null) ? sendOn(connection, call, except) : open(call, except);
	}

	private static @Nullable Exchange sendOn(Connection connection, GrpcCall call, @Nullable InetAddress except) {
		return connection.address().getAddress().equals(except) ? null : connection.send(call);
	}

	private @Nullable Exchange open(GrpcCall call, @Nullable InetAddress except) throws TimeoutException {
		Turns.Turn turn = this.turns.take(this.waits, call.patience());
		try {
			Connection other = this.current.get();
			if (other != null) {
				return sendOn(other, call, except);
			}
			Dialer.Route route = this.dialer.route(call.patience());
			Exchange exchange = open(route, call, except, route.isSpare());
			return (exchange != null) ? exchange
					: Objects.requireNonNull(open(this.dialer.route(call.patience()), call, except, false));
		}
		finally {
			turn.over = true;
			turn.ended();
		}
	}

	/**
	 * Try the addresses in turn.
	 * @param route the addresses, and the first connection to use
	 * @param call the call
	 * @param except an address that is left out if there is any other, {@code null} for
	 * none
	 * @param old whether the connection is one that may have broken down meanwhile
	 * @return the exchange, {@code null} if an old connection has broken down
	 */
	private @Nullable Exchange open(Dialer.Route route, GrpcCall call, @Nullable InetAddress except, boolean old)
			throws TimeoutException {
		this.addresses = route.addresses();
		Unreachable unreachable = new Unreachable();
		Connection connection = route.connection();
		for (InetAddress address : this.order.sort(without(except, route.addresses()))) {
			if (connection == null) {
				connection = this.dialer.connection(call.patience());
			}
			Exchange exchange = connection.open(address, unreachable.after(address), call);
			try {
				awaitServer(exchange, call.patience());
				settle(exchange, call.patience());
				this.current.set(connection);
				this.waits.checkOpen();
				return exchange;
			}
			catch (ExecutionException ex) {
				Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
				exchange.close();
				if (isUnharmed(cause)) {
					this.dialer.giveBack(connection);
				}
				else {
					connection.close();
					if (old) {
						return null;
					}
				}
				unreachable.add(address, cause);
			}
			catch (TimeoutException ex) {
				exchange.close();
				connection.close();
				if (call.patience().isPassed()) {
					this.order.failed(address);
					throw new TimeoutException(exchange.where());
				}
				if (old) {
					return null;
				}
				unreachable.add(address, ex);
			}
			catch (SpireException ex) {
				exchange.close();
				connection.close();
				throw ex;
			}
			this.order.failed(address);
			connection = null;
		}
		throw unreachable.exception(this.server);
	}

	/**
	 * Return whether an HTTP client may be used again: there was probably no handshake,
	 * or this side ended it. One that was cut off may have told the HTTP client that the
	 * server does not speak HTTP/2, and it would never offer that again.
	 */
	private static boolean isUnharmed(Throwable failure) {
		ServerRejectedException rejection = Unreachable.rejection(failure);
		return failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException
				|| (rejection != null && rejection.reason() != FailureReason.PROTOCOL_ERROR);
	}

	private static List<InetAddress> without(@Nullable InetAddress except, List<InetAddress> addresses) {
		List<InetAddress> others = addresses.stream().filter((address) -> !address.equals(except)).toList();
		return others.isEmpty() ? addresses : others;
	}

	private void awaitServer(Exchange exchange, Deadline deadline) throws ExecutionException, TimeoutException {
		CompletableFuture<Void> checked = exchange.connection().checked();
		try {
			this.waits.await(CompletableFuture.anyOf(checked, exchange.answer()), deadline.within(BROKEN));
		}
		catch (ExecutionException ex) {
			if (!checked.isDone() || checked.isCompletedExceptionally()) {
				throw ex;
			}
		}
	}

	/**
	 * Give the HTTP client the time to put its connection in its pool. It would otherwise
	 * open another one for each call that waits.
	 */
	private void settle(Exchange exchange, Deadline deadline) {
		try {
			this.waits.await(exchange.answer().copy(), deadline.within(SETTLING));
		}
		catch (ExecutionException | TimeoutException ex) {
			// whoever waits for the answer notices
		}
	}

	boolean isCurrent(Connection connection) {
		return this.current.get() == connection;
	}

	/**
	 * Stop using a connection that has ended or is dead. Calls in flight continue.
	 * @param connection the connection
	 */
	void drop(Connection connection) {
		this.order.failed(connection.address().getAddress());
		retire(connection);
	}

	/**
	 * Leave a server whose answer is a failure of its own. Behind one address, there may
	 * be several.
	 * @param connection the connection
	 */
	void leave(Connection connection) {
		boolean rested = this.order.isAnyRested(this.addresses);
		this.order.failed(connection.address().getAddress());
		if (rested) {
			retire(connection);
		}
	}

	/**
	 * Prefer other addresses from now on. If there is none, the connection is still used,
	 * since the server may only be slow.
	 * @param connection a connection on which nothing was ever heard
	 */
	void suspect(Connection connection) {
		boolean better = isAnyOther(connection);
		this.order.failed(connection.address().getAddress());
		if (better) {
			retire(connection);
		}
	}

	/**
	 * Return whether nothing has failed for a second at another address.
	 * @param connection a connection to the address that does not count
	 * @return whether there is one
	 */
	boolean isAnyOther(Connection connection) {
		InetAddress address = connection.address().getAddress();
		return this.order.isAnyRested(this.addresses.stream().filter((other) -> !other.equals(address)).toList());
	}

	/**
	 * Stop using a connection. Calls in flight continue.
	 * @param connection the connection
	 */
	void retire(Connection connection) {
		if (this.current.compareAndSet(connection, null)) {
			connection.retire();
		}
	}

	/**
	 * Close the connection. To be called after the waits have been closed, so that
	 * nothing is opened anymore.
	 */
	void close() {
		Connection connection = this.current.getAndSet(null);
		if (connection != null) {
			connection.close();
		}
		this.dialer.close();
	}

}
