package dev.psat.spire.reactor;

import dev.psat.spire.netty.internal.NettyConnections;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerState;

/**
 * Over HTTP/1.1, answers on a due connection so that the client uses another one, and
 * lets no request begin on one that has ended: it may have been sent with an earlier one.
 */
final class ReactorNettyRetirement implements ConnectionObserver {

	@Override
	public void onStateChange(Connection connection, State state) {
		if (state == HttpServerState.REQUEST_RECEIVED) {
			Channel channel = connection.channel();
			if (NettyConnections.hasEnded(channel)) {
				channel.close();
				throw new TooLateException();
			}
			retire(connection);
		}
	}

	private static void retire(Connection request) {
		// a WebSocket stays
		if (NettyConnections.isDue(request.channel()) && request instanceof HttpServerResponse response
				&& request instanceof HttpServerRequest received
				&& !received.requestHeaders().contains(HttpHeaderNames.UPGRADE)) {
			response.keepAlive(false);
		}
	}

	/** Keeps the handler from being called, and is like the end of a client. */
	private static final class TooLateException extends AbortedException {

		TooLateException() {
			super("The connection has ended");
		}

		@Override
		public Throwable fillInStackTrace() {
			return this;
		}

	}

}
