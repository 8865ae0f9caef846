package dev.psat.spire.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Resolves the name of the server and creates connections, on threads that inherit
 * nothing from the caller. Used by one thread at a time, and closed by any.
 */
final class Dialer {

	private final ServerAddress server;

	private final HostResolver resolver;

	private final Supplier<Connection> factory;

	private final TransportThreads threads;

	private final Waits waits;

	// has not reached any address; only kept if the JDK cannot close it, since one that
	// has broken down looks like any other
	private final AtomicReference<@Nullable Connection> spare = new AtomicReference<>();

	private volatile boolean closed;

	Dialer(ServerAddress server, HostResolver resolver, Supplier<Connection> factory, TransportThreads threads,
			Waits waits) {
		this.server = server;
		this.resolver = resolver;
		this.factory = factory;
		this.threads = threads;
		this.waits = waits;
	}

	/**
	 * Resolve the name and create a connection, unless there is a spare one.
	 * @param deadline how long to wait
	 * @return the route
	 * @throws TimeoutException if there is none by the deadline
	 * @throws SpireException if there is no address
	 */
	Route route(Deadline deadline) throws TimeoutException {
		Connection spare = this.spare.getAndSet(null);
		try {
			return (spare != null) ? new Route(await(this::resolve, deadline), spare, true)
					: create(this::resolve, deadline);
		}
		catch (TimeoutException | RuntimeException ex) {
			if (spare != null) {
				giveBack(spare);
			}
			throw ex;
		}
	}

	/**
	 * Create a connection, unless there is a spare one.
	 * @param deadline how long to wait
	 * @return the connection
	 * @throws TimeoutException if there is none by the deadline
	 */
	Connection connection(Deadline deadline) throws TimeoutException {
		Connection spare = this.spare.getAndSet(null);
		return (spare != null) ? spare : create(List::of, deadline).connection();
	}

	/**
	 * Take back a connection that has not reached an address.
	 * @param connection the connection
	 */
	void giveBack(Connection connection) {
		if (!connection.close()) {
			this.spare.set(connection);
			if (this.closed) {
				this.spare.set(null);
			}
		}
	}

	/**
	 * Forget the spare connection, so that it can be garbage collected.
	 */
	void close() {
		this.closed = true;
		this.spare.set(null);
	}

	/**
	 * Once its caller has given up, no connection is created, and one that arrives late
	 * is closed.
	 */
	private Route create(Callable<List<InetAddress>> addresses, Deadline deadline) throws TimeoutException {
		AtomicBoolean abandoned = new AtomicBoolean();
		CompletableFuture<Route> route = this.threads.submit(() -> {
			List<InetAddress> found = addresses.call();
			if (abandoned.get()) {
				throw new CancellationException();
			}
			return new Route(found, this.factory.get(), false);
		});
		try {
			return await(route, deadline);
		}
		catch (TimeoutException | SpireException ex) {
			abandoned.set(true);
			route.thenAccept((late) -> late.connection().close());
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

	private <T> T await(Callable<T> task, Deadline deadline) throws TimeoutException {
		return await(this.threads.submit(task), deadline);
	}

	private <T> T await(CompletableFuture<T> result, Deadline deadline) throws TimeoutException {
		try {
			// a copy, since closing cancels the futures that are waited for
			return this.waits.await(result.copy(), deadline);
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
	 * @param isSpare whether the connection was tried before
	 */
	record Route(List<InetAddress> addresses, Connection connection, boolean isSpare) {

	}

}
