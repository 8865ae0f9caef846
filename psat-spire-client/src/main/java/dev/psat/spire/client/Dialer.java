package dev.psat.spire.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import dev.psat.spire.wire.internal.Deadline;

/** On threads that inherit nothing from the caller. Used by one thread at a time. */
final class Dialer {

	private final ServerAddress server;

	private final Network.Resolver resolver;

	private final Function<InetAddress, Connection> factory;

	private final Network.TransportThreads threads;

	private final Waits waits;

	Dialer(ServerAddress server, Network.Resolver resolver, Function<InetAddress, Connection> factory,
			Network.TransportThreads threads, Waits waits) {
		this.server = server;
		this.resolver = resolver;
		this.factory = factory;
		this.threads = threads;
		this.waits = waits;
	}

	List<InetAddress> resolve(Deadline deadline) throws TimeoutException {
		return await(this.threads.submit(this::resolve), deadline);
	}

	/** One that arrives late is closed. */
	Connection connection(InetAddress address, Deadline deadline) throws TimeoutException {
		CompletableFuture<Connection> connection = this.threads.submit(() -> this.factory.apply(address));
		try {
			return await(connection, deadline);
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

}
