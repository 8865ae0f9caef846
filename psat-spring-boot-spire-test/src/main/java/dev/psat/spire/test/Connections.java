package dev.psat.spire.test;

import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.Future;

/**
 * The connections of all clients. Thread-safe.
 */
final class Connections {

	private final Set<Connection> open = ConcurrentHashMap.newKeySet();

	private final Runnable connected;

	private final Runnable disconnected;

	private final Consumer<ChannelPipeline> first;

	private final Set<Channel> listening = ConcurrentHashMap.newKeySet();

	private volatile boolean silent;

	private volatile boolean accepting = true;

	Connections(Runnable connected, Runnable disconnected, Consumer<ChannelPipeline> first) {
		this.connected = connected;
		this.disconnected = disconnected;
		this.first = first;
	}

	ServerChannel listening(ServerChannel channel) {
		this.listening.add(channel);
		channel.closeFuture().addListener((closed) -> this.listening.remove(channel));
		channel.config().setAutoRead(this.accepting);
		channel.pipeline().addFirst(new ConnectionAcceptor(this));
		return channel;
	}

	/**
	 * Set whether connections are accepted. If not, they wait in the backlog until it is
	 * full. Returns once this is so.
	 */
	void accept(boolean accepting) {
		this.accepting = accepting;
		for (Channel channel : this.listening) {
			channel.eventLoop().submit(() -> channel.config().setAutoRead(accepting)).syncUninterruptibly();
		}
	}

	/** Returns once every connection that it has accepted is known, and can be broken. */
	static void close(Channel channel) {
		channel.close().syncUninterruptibly();
		channel.eventLoop().submit(() -> {
		}).syncUninterruptibly();
	}

	/** Before anything is read from it. */
	void accepted(Channel channel) {
		this.first.accept(channel.pipeline());
		channel.pipeline().addFirst(new Connection(this));
	}

	void opened(Connection connection) {
		this.connected.run();
		this.open.add(connection);
	}

	void closed(Connection connection) {
		if (this.open.remove(connection)) {
			this.disconnected.run();
		}
	}

	/**
	 * Set whether connections are silent. Returns once this is so.
	 */
	void silence(boolean silent) {
		this.silent = silent;
		this.open.stream().map(Connection::silence).toList().forEach(Future::awaitUninterruptibly);
	}

	boolean isSilent() {
		return this.silent;
	}

	void goAway() {
		this.open.forEach(Connection::goAway);
	}

	void abort() {
		this.open.forEach(Connection::abort);
	}

	void abortTo(SocketAddress localAddress) {
		this.open.stream().filter((connection) -> connection.isTo(localAddress)).forEach(Connection::abort);
	}

	void abortFrom(SocketAddress remoteAddress) {
		this.open.stream().filter((connection) -> connection.isFrom(remoteAddress)).forEach(Connection::abort);
	}

}
