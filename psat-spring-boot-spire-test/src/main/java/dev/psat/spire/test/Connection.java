package dev.psat.spire.test;

import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * A connection, closest to the wire. It can fall silent like that of a suspended process,
 * and break.
 */
final class Connection extends ChannelDuplexHandler {

	private final Connections connections;

	private volatile @Nullable ChannelHandlerContext context;

	private boolean silent;

	private boolean readWanted;

	/** Data from a read that was already in progress when the connection fell silent. */
	private final Queue<Object> held = new ArrayDeque<>();

	Connection(Connections connections) {
		this.connections = connections;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.context = context;
		this.connections.opened(this);
		// Whoever changes this later finds the connection among those that are open
		this.silent = this.connections.isSilent();
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
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (this.silent) {
			this.held.add(message);
		}
		else {
			context.fireChannelRead(message);
		}
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext context) {
		this.held.forEach(ReferenceCountUtil::release);
		this.held.clear();
	}

	@Override
	public void flush(ChannelHandlerContext context) {
		if (!this.silent) {
			context.flush();
		}
	}

	/** Depends on the state when this runs. */
	Future<?> silence() {
		return run((context) -> {
			this.silent = this.connections.isSilent();
			if (!this.silent) {
				goOn(context);
			}
		});
	}

	private void goOn(ChannelHandlerContext context) {
		context.flush();
		while (!this.held.isEmpty()) {
			context.fireChannelRead(this.held.remove());
		}
		context.fireChannelReadComplete();
		if (this.readWanted) {
			this.readWanted = false;
			context.read();
		}
	}

	/**
	 * Close the connection without another byte of gRPC or TLS, and wait until it is
	 * closed.
	 */
	void abort() {
		run((context) -> {
			context.close();
			this.connections.closed(this);
		}).awaitUninterruptibly();
	}

	/**
	 * Close the connection like gRPC: with {@code GOAWAY}, and once no call is in flight.
	 * A connection that is still being established has no end to announce, and stays.
	 */
	void goAway() {
		run((context) -> {
			SslHandler tls = context.pipeline().get(SslHandler.class);
			boolean encrypted = tls == null || tls.handshakeFuture().isSuccess();
			if (encrypted && context.pipeline().get(Http2ConnectionHandler.class) != null) {
				context.channel().close();
			}
		});
	}

	boolean isFrom(SocketAddress remoteAddress) {
		ChannelHandlerContext current = this.context;
		return current != null && remoteAddress.equals(current.channel().remoteAddress());
	}

	boolean isTo(SocketAddress localAddress) {
		ChannelHandlerContext current = this.context;
		return current != null && localAddress.equals(current.channel().localAddress());
	}

	private Future<?> run(Action action) {
		ChannelHandlerContext current = this.context;
		if (current == null) {
			return ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);
		}
		return current.channel().eventLoop().submit(() -> action.run(current));
	}

	@FunctionalInterface
	private interface Action {

		void run(ChannelHandlerContext context);

	}

}
