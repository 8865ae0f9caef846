package dev.psat.spire.autoconfigure.ssl;

import io.netty.handler.codec.http.HttpHeaderNames;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerState;

/**
 * {@link ConnectionObserver} that has a request over HTTP/1.1 on a connection that is due
 * answered so that the client uses another one for its next request.
 */
final class ReactorNettyRetirement implements ConnectionObserver {

	@Override
	public void onStateChange(Connection connection, State state) {
		if (state == HttpServerState.REQUEST_RECEIVED) {
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

}
