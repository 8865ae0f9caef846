package dev.psat.spire.test;

import java.net.SocketAddress;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * One connection, nearest to the wire: it can fall silent, as one of a process that was
 * stopped, and break.
 */
final class Connection extends ChannelDuplexHandler {

	private final Connections connections;

	private volatile @Nullable ChannelHandlerContext context;

	private boolean silent;

	private boolean readWanted;

	Connection(Connections connections, boolean silent) {
		this.connections = connections;
		this.silent = silent;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.context = context;
		this.connections.opened(this);
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) throws Exception {
		this.connections.closed(this);
		super.channelInactive(context);
	}

	@Override
	public void read(ChannelHandlerContext context) {
		if (this.silent) {
			this.readWanted = true;
		}
		else {
			context.read();
		}
	}

	@Override
	public void flush(ChannelHandlerContext context) {
		if (!this.silent) {
			context.flush();
		}
	}

	/**
	 * Fall silent, or go on with what has piled up meanwhile.
	 * @param silent whether nothing is read or written
	 */
	void silence(boolean silent) {
		run((context) -> {
			this.silent = silent;
			if (!silent) {
				context.flush();
				if (this.readWanted) {
					this.readWanted = false;
					context.read();
				}
			}
		});
	}

	/**
	 * Close the connection without another byte of gRPC or TLS.
	 */
	void abort() {
		run(ChannelHandlerContext::close);
	}

	/**
	 * Close the connection as gRPC does: {@code GOAWAY}, and the end once no call is in
	 * flight.
	 */
	void goAway() {
		run((context) -> context.channel().close());
	}

	boolean isFrom(SocketAddress remoteAddress) {
		ChannelHandlerContext current = this.context;
		return current != null && remoteAddress.equals(current.channel().remoteAddress());
	}

	private void run(Action action) {
		ChannelHandlerContext current = this.context;
		if (current != null) {
			current.channel().eventLoop().execute(() -> action.run(current));
		}
	}

	@FunctionalInterface
	private interface Action {

		void run(ChannelHandlerContext context);

	}

}
