package dev.psat.spire.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpConnectTimeoutException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.spire.wire.internal.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the connection of a channel, for which it tries the addresses in turn. An address
 * counts as unreachable until its certificate has been checked.
 */
final class Connections {

	private final ServerAddress server;

	private final AddressOrder order;

	private final Network.Timeouts timeouts;

	private final Dialer dialer;

	private final @Nullable Preflight preflight;

	private final Waits waits;

	private final Turn turn = new Turn();

	private final AtomicReference<@Nullable Connection> current = new AtomicReference<>();

	// as the name was last resolved
	private volatile List<InetAddress> addresses = List.of();

	Connections(ServerAddress server, Network network, Dialer dialer, @Nullable Preflight preflight, Waits waits) {
		this.server = server;
		this.order = network.order();
		this.timeouts = network.timeouts();
		this.dialer = dialer;
		this.preflight = preflight;
		this.waits = waits;
	}

	Connection.Exchange send(GrpcCall call) throws TimeoutException {
		Connection connection = this.current.get();
		if (connection != null && connection.liveness().isDead(this.timeouts.judgement())) {
			drop(connection);
			connection = null;
		}
		return (connection != null) ? connection.send(call) : open(call);
	}

	private Connection.Exchange open(GrpcCall call) throws TimeoutException {
		this.turn.take(this.waits, call.patience());
		try {
			Connection other = this.current.get();
			return (other != null) ? other.send(call) : openAny(call);
		}
		finally {
			this.turn.end();
		}
	}

	private Connection.Exchange openAny(GrpcCall call) throws TimeoutException {
		this.addresses = this.dialer.resolve(call.patience());
		Unreachable unreachable = new Unreachable();
		for (InetAddress address : this.order.sort(this.addresses)) {
			try {
				return open(address, unreachable.after(address), call);
			}
			catch (ExecutionException ex) {
				unreachable.add(address, (ex.getCause() != null) ? ex.getCause() : ex);
				this.order.missed(address);
			}
			catch (TimeoutException ex) {
				this.order.missed(address);
				throw new TimeoutException(unreachable.after(address));
			}
		}
		throw unreachable.exception(this.server);
	}

	private Connection.Exchange open(InetAddress address, String where, GrpcCall call)
			throws ExecutionException, TimeoutException {
		if (this.preflight != null && this.order.isMissed(address)) {
			this.preflight.pass(new InetSocketAddress(address, this.server.port()), call.patience());
		}
		Connection connection = this.dialer.connection(address, call.patience());
		Connection.Exchange exchange = connection.open(where, call);
		try {
			awaitServer(exchange, call.patience());
			settle(exchange, call.patience());
			this.order.reached(address);
			this.current.set(connection);
			this.waits.checkOpen();
			return exchange;
		}
		catch (ExecutionException | TimeoutException | SpireException ex) {
			exchange.close();
			connection.close();
			throw ex;
		}
	}

	/** A broken HTTP client does not even begin, but its response fails. */
	private void awaitServer(Connection.Exchange exchange, Deadline patience)
			throws ExecutionException, TimeoutException {
		Handshake handshake = exchange.connection().handshake();
		CompletableFuture<?> accepted = CompletableFuture.anyOf(handshake.checked(), exchange.response());
		try {
			this.waits.await(CompletableFuture.anyOf(handshake.begun(), accepted), this.timeouts.connect(), patience,
					new HttpConnectTimeoutException(
							"no TCP connection within %d s".formatted(this.timeouts.connect().toSeconds())));
			this.waits.await(accepted, this.timeouts.handshake(), patience,
					new Handshake.TooSlowException(this.timeouts.handshake()));
		}
		catch (ExecutionException ex) {
			CompletableFuture<Void> checked = handshake.checked();
			if (!checked.isDone() || checked.isCompletedExceptionally()) {
				throw ex;
			}
		}
	}

	/** Or the HTTP client would open another connection for each call that waits. */
	private void settle(Connection.Exchange exchange, Deadline deadline) {
		try {
			this.waits.await(exchange.response().copy(), deadline.within(this.timeouts.settling()));
		}
		catch (ExecutionException | TimeoutException ex) {
			// the wait for the answer notices
		}
	}

	boolean isCurrent(Connection connection) {
		return this.current.get() == connection;
	}

	void drop(Connection connection) {
		InetAddress address = connection.address().getAddress();
		if (connection.liveness().isHeard()) {
			this.order.failed(address);
		}
		else {
			this.order.missed(address);
		}
		retire(connection);
	}

	/** Its answer was a failure of its own. Several may be behind one address. */
	void leave(Connection connection) {
		boolean rested = this.order.isAnyRested(this.addresses);
		this.order.failed(connection.address().getAddress());
		if (rested) {
			retire(connection);
		}
	}

	/** Without another address, it is still used: the server may only be slow. */
	void suspect(Connection connection) {
		boolean better = isAnyOther(connection);
		this.order.failed(connection.address().getAddress());
		if (better) {
			retire(connection);
		}
	}

	boolean isAnyOther(Connection connection) {
		InetAddress address = connection.address().getAddress();
		return this.order.isAnyRested(this.addresses.stream().filter((other) -> !other.equals(address)).toList());
	}

	void retire(Connection connection) {
		if (this.current.compareAndSet(connection, null)) {
			connection.retire();
		}
	}

	/** After the waits have been closed, so that nothing is opened anymore. */
	void close() {
		Connection connection = this.current.getAndSet(null);
		if (connection != null) {
			connection.close();
		}
	}

}
