package dev.psat.spire.test;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;

/**
 * Adds each connection to {@link Connections} before gRPC sees it.
 */
final class ConnectionAcceptor extends ChannelInboundHandlerAdapter {

	private final Connections connections;

	private ConnectionAcceptor(Connections connections) {
		this.connections = connections;
	}

	/**
	 * Prepare a new channel that is to listen.
	 * @param channel the channel
	 * @param connections where its connections are added
	 * @return the channel
	 */
	static ServerChannel listening(ServerChannel channel, Connections connections) {
		channel.pipeline().addFirst(new ConnectionAcceptor(connections));
		return channel;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object accepted) {
		this.connections.accepted((Channel) accepted);
		context.fireChannelRead(accepted);
	}

}
