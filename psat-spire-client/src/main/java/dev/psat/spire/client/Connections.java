package dev.psat.spire.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the connection of a channel. If there is none, it resolves the name of the server
 * and tries its addresses in turn. An address counts as unreachable until its certificate
 * has been checked.
 */
final class Connections {

	private final ServerAddress server;

	private final HostResolver resolver;

	private final Supplier<Connection> factory;

	private final TransportThreads threads;

	private final Waits waits;

	private final ReentrantLock opening = new ReentrantLock();

	private final AtomicReference<@Nullable Connection> current = new AtomicReference<>();

	// the last address that failed, which is tried last
	private volatile @Nullable InetAddress failed;

	// has not reached any address; kept for the next try, since JDK 17 cannot close it
	private @Nullable Connection spare;

	Connections(ServerAddress server, HostResolver resolver, Supplier<Connection> factory, TransportThreads threads,
			Waits waits) {
		this.server = server;
		this.resolver = resolver;
		this.factory = factory;
		this.threads = threads;
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
			Route route = route(call.deadline());
			this.spare = route.connection();
			return open(route.connection(), inTurn(route.addresses()), call);
		}
		finally {
			this.opening.unlock();
		}
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

	private Exchange open(Connection connection, List<InetAddress> addresses, GrpcCall call) throws TimeoutException {
		Unreachable unreachable = new Unreachable();
		for (InetAddress address : addresses) {
			Exchange exchange = connection.open(address, call);
			try {
				awaitServer(exchange, call.deadline());
				this.spare = null;
				this.current.set(connection);
				return exchange;
			}
			catch (ExecutionException ex) {
				if (ex.getCause() instanceof ServerRejectedException rejection) {
					throw new SpireException(rejection.reason(), "%s at %s is not accepted: %s".formatted(this.server,
							address.getHostAddress(), rejection.getMessage()), rejection);
				}
				this.failed = address;
				unreachable.add(address, (ex.getCause() != null) ? ex.getCause() : ex);
			}
			catch (TimeoutException | SpireException ex) {
				this.failed = address;
				exchange.cancel();
				this.spare = null;
				connection.close();
				throw ex;
			}
		}
		throw unreachable.exception(this.server);
	}

	private void awaitServer(Exchange exchange, Deadline deadline) throws ExecutionException, TimeoutException {
		CompletableFuture<Void> checked = exchange.connection().checked();
		try {
			this.waits.await(CompletableFuture.anyOf(checked, exchange.response()), deadline);
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
			if (this.spare != null) {
				this.spare.close();
				this.spare = null;
			}
		}
		finally {
			this.opening.unlock();
		}
	}

	/**
	 * Resolve the name and create a connection, unless there is a spare one. Once its
	 * caller has given up, none is created, and one that arrives late is closed.
	 */
	private Route route(Deadline deadline) throws TimeoutException {
		Connection spare = this.spare;
		AtomicBoolean abandoned = new AtomicBoolean();
		CompletableFuture<Route> route = this.threads.submit(() -> {
			List<InetAddress> addresses = resolve();
			if (abandoned.get()) {
				throw new CancellationException();
			}
			return new Route(addresses, (spare != null) ? spare : this.factory.get());
		});
		try {
			// a copy, since closing cancels the futures that are waited for
			return await(route.copy(), deadline);
		}
		catch (TimeoutException | SpireException ex) {
			abandoned.set(true);
			if (spare == null) {
				route.thenAccept((late) -> late.connection().close());
			}
			throw ex;
		}
	}

	private List<InetAddress> resolve() {
		try {
			List<InetAddress> addresses = this.resolver.resolve(this.server.host());
			if (!addresses.isEmpty()) {
				return addresses;
			}
		}
		catch (UnknownHostException ex) {
			throw new SpireException(FailureReason.UNREACHABLE,
					"%s cannot be resolved: %s".formatted(this.server.host(), ex.getMessage()), ex);
		}
		throw new SpireException(FailureReason.UNREACHABLE, "%s has no address".formatted(this.server.host()));
	}

	private <T> T await(CompletableFuture<T> result, Deadline deadline) throws TimeoutException {
		try {
			return this.waits.await(result, deadline);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof SpireException failure) {
				throw failure;
			}
			throw new SpireException(FailureReason.UNREACHABLE,
					"%s cannot be reached: %s".formatted(this.server, ex.getCause()), ex.getCause());
		}
	}

	/**
	 * A connection that has not been opened, and the addresses to try.
	 *
	 * @param addresses the addresses, at least one
	 * @param connection the connection
	 */
	private record Route(List<InetAddress> addresses, Connection connection) {

	}

}
