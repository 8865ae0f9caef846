package dev.psat.spire.http;

import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

import dev.psat.spire.netty.internal.NettyChannelUse;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2MultiplexActiveStreamsException;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import reactor.netty.Connection;

/**
 * How Reactor Netty uses channels: it has pools of them, for HTTP/2 of a kind of their
 * own.
 */
final class ReactorChannelUse implements NettyChannelUse {

	static final ReactorChannelUse INSTANCE = new ReactorChannelUse();

	/** Long enough for a call that has got a connection to open its stream. */
	private static final int OPENING_SECONDS = 1;

	private static final int UNTIL_ALL_STREAMS_END = -1;

	private ReactorChannelUse() {
	}

	/**
	 * Say that the channel is good for further calls, as if nothing was said. A pool asks
	 * on any thread, and would come to a standstill if it found an answer that is still
	 * to be given: the first one takes two steps, each further one a single step.
	 */
	@Override
	public void begin(Channel channel) {
		new PooledChannel(channel).markPersistent(false).markPersistent(true);
	}

	@Override
	public void retire(Channel channel) {
		Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
		if (http2 != null) {
			retire(channel, http2);
		}
		else {
			new PooledChannel(channel).markPersistent(false);
		}
	}

	/**
	 * Pools of HTTP/2 give up a connection of which the server says so, and leave it to
	 * the server to close it.
	 */
	private static void retire(Channel channel, Http2ConnectionHandler http2) {
		try {
			http2.connection().goAwayReceived(Integer.MAX_VALUE, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER);
		}
		catch (Http2Exception ex) {
			// the server has said so before
		}
		http2.gracefulShutdownTimeoutMillis(UNTIL_ALL_STREAMS_END);
		channel.eventLoop().schedule(() -> {
			channel.close();
		}, OPENING_SECONDS, TimeUnit.SECONDS);
	}

	@Override
	public void fail(ChannelHandlerContext tls, SSLException reason) {
		if (tls.pipeline().get(Http2MultiplexHandler.class) != null) {
			tls.fireExceptionCaught(new Http2MultiplexActiveStreamsException(reason));
		}
		else {
			NettyChannelUse.super.fail(tls, reason);
		}
	}

	/**
	 * A channel as a pool knows it.
	 */
	private record PooledChannel(Channel channel) implements Connection {

	}

}
