package dev.psat.spire.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import jakarta.servlet.ServletRequest;
import org.apache.tomcat.util.net.SSLSupport;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint.SslSessionData;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.util.ClassUtils;

/**
 * The certificates of the client in the TLS handshake, as the web server tells them.
 * Nothing else counts: {@code jakarta.servlet.request.X509Certificate} may hold what
 * anybody has sent in a header.
 */
interface PeerCertificates {

	/** The leaf first, {@code null} if there are none, or it is not of this server. */
	@Nullable List<X509Certificate> of(Object request);

	/** The requests of any other server have no certificates. */
	static List<PeerCertificates> ofServersOnClassPath() {
		ClassLoader classLoader = PeerCertificates.class.getClassLoader();
		List<PeerCertificates> all = new ArrayList<>();
		if (ClassUtils.isPresent("org.apache.tomcat.util.net.SSLSupport", classLoader)) {
			all.add(new Tomcat());
		}
		if (ClassUtils.isPresent("org.eclipse.jetty.ee11.servlet.ServletContextRequest", classLoader)) {
			all.add(new Jetty());
		}
		if (ClassUtils.isPresent("reactor.netty.http.server.HttpServerRequest", classLoader)) {
			all.add(new ReactorNetty());
		}
		return List.copyOf(all);
	}

	static @Nullable List<X509Certificate> of(@Nullable SSLSession session) {
		if (session == null) {
			return null;
		}
		try {
			List<X509Certificate> chain = new ArrayList<>();
			for (Certificate certificate : session.getPeerCertificates()) {
				chain.add((X509Certificate) certificate);
			}
			return chain;
		}
		catch (SSLPeerUnverifiedException ex) {
			return null;
		}
	}

	/**
	 * Of the connection: that of a proxy which speaks AJP, or whose headers a valve turns
	 * into attributes, if that has TLS at all.
	 */
	final class Tomcat implements PeerCertificates {

		@Override
		public @Nullable List<X509Certificate> of(Object request) {
			return (request instanceof ServletRequest servletRequest
					&& servletRequest.getAttribute(SSLSupport.SESSION_MGR) instanceof SSLSupport connection)
							? of(connection) : null;
		}

		private static @Nullable List<X509Certificate> of(SSLSupport connection) {
			try {
				X509Certificate[] chain = connection.getPeerCertificateChain();
				return (chain != null) ? List.of(chain) : null;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

	/**
	 * Of the connection, whose session a {@code ForwardedRequestCustomizer} leaves alone.
	 */
	final class Jetty implements PeerCertificates {

		@Override
		public @Nullable List<X509Certificate> of(Object request) {
			ServletContextRequest jettyRequest = (request instanceof ServletRequest servletRequest)
					? find(servletRequest) : null;
			if (jettyRequest == null) {
				return null;
			}
			SslSessionData connection = jettyRequest.getConnectionMetaData()
				.getConnection()
				.getEndPoint()
				.getSslSessionData();
			return (connection != null) ? PeerCertificates.of(connection.sslSession()) : null;
		}

		private static @Nullable ServletContextRequest find(ServletRequest request) {
			try {
				return ServletContextRequest.getServletContextRequest(request);
			}
			catch (IllegalStateException ex) {
				// not of Jetty
				return null;
			}
		}

	}

	/**
	 * Of the channel. Over HTTP/2, each stream has one, whose parent has the TLS session.
	 */
	final class ReactorNetty implements PeerCertificates {

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

}
