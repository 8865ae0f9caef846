package dev.psat.spire.test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Objects;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Grpc;
import org.jspecify.annotations.Nullable;

record Caller(InetSocketAddress remoteAddress, @Nullable X509Certificate svid) {

	static final Context.Key<Caller> KEY = Context.key("caller");

	static Caller of(Attributes attributes) {
		InetSocketAddress address = (InetSocketAddress) attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
		SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
		if (address == null || session == null) {
			throw new IllegalStateException("The call has no TLS connection");
		}
		return new Caller(address, svid(session));
	}

	private static @Nullable X509Certificate svid(SSLSession session) {
		try {
			Certificate[] chain = session.getPeerCertificates();
			return (chain.length > 0) ? (X509Certificate) chain[0] : null;
		}
		catch (SSLPeerUnverifiedException ex) {
			return null;
		}
	}

	InetAddress address() {
		return this.remoteAddress.getAddress();
	}

	/**
	 * Return the SPIFFE ID of the caller.
	 * @return the ID, {@code null} if it has no certificate
	 */
	@Nullable String spiffeId() {
		return (this.svid != null) ? Certificates.uris(this.svid).get(0) : null;
	}

	/**
	 * Return the SPIFFE ID of an authorized caller.
	 * @return the ID
	 */
	String requiredSpiffeId() {
		return Objects.requireNonNull(spiffeId());
	}

}
