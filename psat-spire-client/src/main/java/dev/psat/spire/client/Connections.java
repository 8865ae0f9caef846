package dev.psat.spire.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the connection of a channel, and makes another one when there is none: resolves
 * the name of the server and tries its addresses in turn. An address counts as
 * unreachable as long as its certificate has not been checked.
 */
final class Connections {

	private final ServerAddress server;

	private final HostResolver resolver;

	private final Supplier<Connection> factory;

	private final TransportThreads threads;

	private final Waits waits;

	private final ReentrantLock opening = new ReentrantLock();

	private final AtomicReference<@Nullable Connection> current = new AtomicReference<>();

	// the last one that failed, to be tried last
	private volatile @Nullable InetAddress failed;

	// has reached no address; kept for the next try, since JDK 17 cannot close it
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
	 * @return the exchange, with a server that was accepted
	 * @throws TimeoutException if there is no connection at the call's deadline
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
			List<InetAddress> addresses = inTurn(await(this.threads.submit(this::resolve), call.deadline()));
			Connection connection = this.spare;
			if (connection == null) {
				connection = create(call.deadline());
				this.spare = connection;
			}
			return open(connection, addresses, call);
		}
		finally {
			this.opening.unlock();
		}
	}

	/**
	 * Begin after the address that failed last, so that a replica that accepts
	 * connections and does nothing with them, or many that do not exist, keep no call
	 * from the others for ever.
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
	 * Let no further call use a connection that has failed one. Those in flight go on.
	 * @param connection the connection
	 */
	void drop(Connection connection) {
		this.failed = connection.address().getAddress();
		if (this.current.compareAndSet(connection, null)) {
			connection.retire();
		}
	}

	/**
	 * Close all connections, after the waits have been closed.
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
	 * What comes after its caller has given up is closed.
	 */
	private Connection create(Deadline deadline) throws TimeoutException {
		CompletableFuture<Connection> connection = this.threads.submit(this.factory::get);
		try {
			// a copy, since closing cancels what is waited for
			return await(connection.copy(), deadline);
		}
		catch (TimeoutException | SpireException ex) {
			connection.thenAccept(Connection::close);
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

}
