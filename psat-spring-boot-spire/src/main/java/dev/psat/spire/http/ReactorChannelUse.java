package dev.psat.spire.http;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

import dev.psat.spire.netty.internal.NettyClientConnections;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2MultiplexActiveStreamsException;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import reactor.netty.Connection;

/** Reactor Netty has pools of channels, for HTTP/2 of a kind of their own. */
final class ReactorChannelUse implements NettyClientConnections.Use {

	static final ReactorChannelUse INSTANCE = new ReactorChannelUse();

	/** Long enough for a call that has got a connection to open its stream. */
	static final Duration OPENING = Duration.ofSeconds(1);

	/** Enough for the call for which a connection has just been made. */
	static final Duration BEGINNING = Duration.ofMillis(50);

	/** Far longer than it takes a call to get another connection. */
	static final Duration SPREAD = Duration.ofMillis(200);

	private static final int UNTIL_ALL_STREAMS_END = -1;

	private ReactorChannelUse() {
	}

	/**
	 * Says what holds anyway. A pool asks on any thread, and would come to a standstill
	 * if it found an answer that is still to be given: the first one takes two steps,
	 * each further one a single step.
	 */
	@Override
	public void begin(Channel channel) {
		new PooledChannel(channel).markPersistent(false).markPersistent(true);
	}

	@Override
	public void retire(Channel channel) {
		Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
		if (http2 != null) {
			long delay = ThreadLocalRandom.current().nextLong(SPREAD.toMillis());
			after(BEGINNING.plusMillis(delay), channel, () -> retire(channel, http2));
		}
		else {
			new PooledChannel(channel).markPersistent(false);
		}
	}

	/**
	 * Pools of HTTP/2 give up a connection of which the server says so, and leave it to
	 * the server to close it. A call that is about to open a stream then gets another
	 * connection, but only once, so they must not all be given up at the same moment, nor
	 * one that has just been made.
	 */
	private static void retire(Channel channel, Http2ConnectionHandler http2) {
		try {
			http2.connection().goAwayReceived(Integer.MAX_VALUE, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER);
		}
		catch (Http2Exception ex) {
			// the server has said so before
		}
		http2.gracefulShutdownTimeoutMillis(UNTIL_ALL_STREAMS_END);
		after(OPENING, channel, channel::close);
	}

	private static void after(Duration delay, Channel channel, Runnable task) {
		channel.eventLoop().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
	}

	@Override
	public void fail(ChannelHandlerContext tls, SSLException reason) {
		if (tls.pipeline().get(Http2MultiplexHandler.class) != null) {
			tls.fireExceptionCaught(new Http2MultiplexActiveStreamsException(reason));
		}
		else {
			NettyClientConnections.Use.super.fail(tls, reason);
		}
	}

	private record PooledChannel(Channel channel) implements Connection {

	}

}
