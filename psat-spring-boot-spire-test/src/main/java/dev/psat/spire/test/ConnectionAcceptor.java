package dev.psat.spire.test;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Adds each connection to {@link Connections} before gRPC sees it.
 */
final class ConnectionAcceptor extends ChannelInboundHandlerAdapter {

	private final Connections connections;

	ConnectionAcceptor(Connections connections) {
		this.connections = connections;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object accepted) {
		this.connections.accepted((Channel) accepted);
		context.fireChannelRead(accepted);
	}

}
