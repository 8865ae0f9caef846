package dev.psat.spire.test;

import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.channel.Channel;

/**
 * The connections of all clients. Thread-safe.
 */
final class Connections {

	private final Set<Connection> open = ConcurrentHashMap.newKeySet();

	private final ServerJournal journal;

	private volatile boolean silent;

	Connections(ServerJournal journal) {
		this.journal = journal;
	}

	/**
	 * Add a newly accepted connection, before anything is read from it.
	 * @param channel the channel
	 */
	void accepted(Channel channel) {
		channel.pipeline()
			.addFirst(new Tls12Gate(() -> this.journal.refusedConnection("No client certificate in TLS 1.2")));
		channel.pipeline().addFirst(new Connection(this));
	}

	void opened(Connection connection) {
		this.journal.connected();
		this.open.add(connection);
		connection.silence();
	}

	void closed(Connection connection) {
		if (this.open.remove(connection)) {
			this.journal.disconnected();
		}
	}

	void silence(boolean silent) {
		this.silent = silent;
		this.open.forEach(Connection::silence);
	}

	boolean isSilent() {
		return this.silent;
	}

	void goAway() {
		this.open.forEach(Connection::goAway);
	}

	void abortTo(SocketAddress localAddress) {
		this.open.stream().filter((connection) -> connection.isTo(localAddress)).forEach(Connection::abort);
	}

	void abortFrom(SocketAddress remoteAddress) {
		this.open.stream().filter((connection) -> connection.isFrom(remoteAddress)).forEach(Connection::abort);
	}

}
