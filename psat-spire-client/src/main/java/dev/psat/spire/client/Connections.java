package dev.psat.spire.client;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the connection of a channel. If there is none, it tries the addresses of the
 * server in turn. An address counts as unreachable until its certificate has been
 * checked.
 */
final class Connections {

	// an HTTP client that has not broken down gives up earlier
	private static final Duration BROKEN = Connection.CONNECT_TIMEOUT.plusSeconds(2);

	private final ServerAddress server;

	private final Dialer dialer;

	private final Waits waits;

	private final ReentrantLock opening = new ReentrantLock();

	private final AtomicReference<@Nullable Connection> current = new AtomicReference<>();

	// the last address that failed, which is tried last
	private volatile @Nullable InetAddress failed;

	Connections(ServerAddress server, Dialer dialer, Waits waits) {
		this.server = server;
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
		Connection connection = this.current.get();
		return (connection != null) ? connection.send(call) : open(call);
	}

	private Exchange open(GrpcCall call) throws TimeoutException {
		this.waits.acquire(this.opening, call.deadline());
		try {
			Connection other = this.current.get();
			if (other != null) {
				return other.send(call);
			}
			Dialer.Route route = this.dialer.route(call.deadline());
			Exchange exchange = open(route, call, route.isSpare());
			return (exchange != null) ? exchange
					: Objects.requireNonNull(open(this.dialer.route(call.deadline()), call, false));
		}
		finally {
			this.opening.unlock();
		}
	}

	/**
	 * Try the addresses in turn.
	 * @param route the addresses, and the first connection to use
	 * @param call the call
	 * @param old whether the connection is one that may have broken down meanwhile
	 * @return the exchange, {@code null} if an old connection has broken down
	 */
	private @Nullable Exchange open(Dialer.Route route, GrpcCall call, boolean old) throws TimeoutException {
		Unreachable unreachable = new Unreachable();
		Connection connection = route.connection();
		for (InetAddress address : inTurn(route.addresses())) {
			if (connection == null) {
				connection = this.dialer.connection(call.deadline());
			}
			Exchange exchange = connection.open(address, call);
			try {
				awaitServer(exchange, call.deadline());
				this.current.set(connection);
				return exchange;
			}
			catch (ExecutionException ex) {
				this.failed = address;
				this.dialer.giveBack(connection);
				if (ex.getCause() instanceof ServerRejectedException rejection) {
					throw new SpireException(rejection.reason(), "%s at %s is not accepted: %s".formatted(this.server,
							address.getHostAddress(), rejection.getMessage()), rejection);
				}
				unreachable.add(address, (ex.getCause() != null) ? ex.getCause() : ex);
			}
			catch (TimeoutException | SpireException ex) {
				exchange.cancel();
				connection.close();
				if (ex instanceof SpireException || call.deadline().isPassed()) {
					this.failed = address;
					throw ex;
				}
				if (old) {
					return null;
				}
				this.failed = address;
				unreachable.add(address, ex);
			}
			connection = null;
		}
		throw unreachable.exception(this.server);
	}

	/**
	 * Return the addresses, starting after the one that failed last. A replica that
	 * accepts connections without answering, or many addresses that do not exist, then
	 * cannot keep calls from the others forever.
	 */
	private List<InetAddress> inTurn(List<InetAddress> addresses) {
		List<InetAddress> rotated = new ArrayList<>(addresses);
		Collections.rotate(rotated, -1 - rotated.indexOf(this.failed));
		return rotated;
	}

	private void awaitServer(Exchange exchange, Deadline deadline) throws ExecutionException, TimeoutException {
		CompletableFuture<Void> checked = exchange.connection().checked();
		try {
			this.waits.await(CompletableFuture.anyOf(checked, exchange.response()), deadline.within(BROKEN));
		}
		catch (ExecutionException ex) {
			if (!checked.isDone() || checked.isCompletedExceptionally()) {
				throw ex;
			}
		}
	}

	/**
	 * Stop using a connection on which a call has failed. Calls in flight continue.
	 * @param connection the connection
	 */
	void drop(Connection connection) {
		this.failed = connection.address().getAddress();
		if (this.current.compareAndSet(connection, null)) {
			connection.retire();
		}
	}

	/**
	 * Close all connections. To be called after the waits have been closed.
	 */
	void close() {
		this.opening.lock();
		try {
			Connection connection = this.current.getAndSet(null);
			if (connection != null) {
				connection.close();
			}
			this.dialer.close();
		}
		finally {
			this.opening.unlock();
		}
	}

}
