package dev.psat.spire.test;

import java.util.List;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * Server channel that adds each connection to {@link Connections} before gRPC sees it.
 */
final class ListeningChannel extends NioServerSocketChannel {

	private final Connections connections;

	ListeningChannel(Connections connections) {
		this.connections = connections;
	}

	@Override
	protected int doReadMessages(List<Object> accepted) throws Exception {
		int count = super.doReadMessages(accepted);
		for (int i = accepted.size() - Math.max(0, count); i < accepted.size(); i++) {
			this.connections.accepted((Channel) accepted.get(i));
		}
		return count;
	}

}
