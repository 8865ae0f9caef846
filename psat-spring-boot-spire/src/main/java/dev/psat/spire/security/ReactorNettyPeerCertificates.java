package dev.psat.spire.security;

import java.security.cert.X509Certificate;
import java.util.List;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Asks Netty's channel. Over HTTP/2, each stream has a channel of its own, whose parent
 * has the TLS session.
 */
final class ReactorNettyPeerCertificates implements PeerCertificates {

	@Override
	public @Nullable List<X509Certificate> of(Object request) {
		return (request instanceof HttpServerRequest && request instanceof Connection connection)
				? of(connection.channel()) : null;
	}

	private static @Nullable List<X509Certificate> of(@Nullable Channel channel) {
		if (channel == null) {
			return null;
		}
		SslHandler handler = channel.pipeline().get(SslHandler.class);
		return (handler != null) ? PeerCertificates.of(handler.engine().getSession()) : of(channel.parent());
	}

}
