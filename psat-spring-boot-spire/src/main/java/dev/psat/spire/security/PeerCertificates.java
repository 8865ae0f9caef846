package dev.psat.spire.security;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Asks a web server for the certificates that the client of a request has presented in
 * the TLS handshake of the very connection, and proved to have the key of. Nothing else
 * counts: the attribute {@code jakarta.servlet.request.X509Certificate}, for example, may
 * hold what a proxy, or anybody, has sent in a header.
 */
interface PeerCertificates {

	/**
	 * Return the certificates of a connection.
	 * @param request the request as the web server has created it
	 * @return the certificates, the leaf first; {@code null} if there are none, or the
	 * request is not of this web server
	 */
	@Nullable List<X509Certificate> of(Object request);

	/**
	 * Return what is able to ask the web servers on the class path. The requests of any
	 * other server have no certificates.
	 * @return one instance for each web server
	 */
	static List<PeerCertificates> ofServersOnClassPath() {
		ClassLoader classLoader = PeerCertificates.class.getClassLoader();
		List<PeerCertificates> all = new ArrayList<>();
		if (ClassUtils.isPresent("org.apache.tomcat.util.net.SSLSupport", classLoader)) {
			all.add(new TomcatPeerCertificates());
		}
		if (ClassUtils.isPresent("org.eclipse.jetty.ee11.servlet.ServletContextRequest", classLoader)) {
			all.add(new JettyPeerCertificates());
		}
		if (ClassUtils.isPresent("reactor.netty.http.server.HttpServerRequest", classLoader)) {
			all.add(new ReactorNettyPeerCertificates());
		}
		return List.copyOf(all);
	}

	/**
	 * Return the certificates of a TLS session.
	 * @param session the session, {@code null} if there is none
	 * @return the certificates, the leaf first; {@code null} if there are none
	 */
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

}
