package dev.psat.spire.tls.internal;

import java.net.Socket;
import java.util.function.Consumer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/**
 * What shakes hands, as far as a library tells of it.
 *
 * @param engine the engine, {@code null} if it is none or unknown
 * @param socket the socket, {@code null} if it is none or unknown
 */
record EngineOrSocket(@Nullable SSLEngine engine, @Nullable Socket socket) {

	static final EngineOrSocket UNKNOWN = new EngineOrSocket(null, null);

	static EngineOrSocket of(@Nullable SSLEngine engine) {
		return new EngineOrSocket(engine, null);
	}

	static EngineOrSocket of(@Nullable Socket socket) {
		return new EngineOrSocket(null, socket);
	}

	@Nullable Object get() {
		return (this.engine != null) ? this.engine : this.socket;
	}

	/**
	 * Return the session that is being negotiated, {@code null} if it is unknown.
	 */
	@Nullable SSLSession session() {
		if (this.engine != null) {
			return this.engine.getHandshakeSession();
		}
		return (this.socket instanceof SSLSocket sslSocket) ? sslSocket.getHandshakeSession() : null;
	}

	boolean needsClientAuth() {
		if (this.engine != null) {
			return this.engine.getNeedClientAuth();
		}
		return this.socket instanceof SSLSocket sslSocket && sslSocket.getNeedClientAuth();
	}

	@Nullable SSLParameters parameters() {
		if (this.engine != null) {
			return this.engine.getSSLParameters();
		}
		return (this.socket instanceof SSLSocket sslSocket) ? sslSocket.getSSLParameters() : null;
	}

	void change(Consumer<SSLParameters> change) {
		SSLParameters parameters = parameters();
		if (parameters != null) {
			change.accept(parameters);
			if (this.engine != null) {
				this.engine.setSSLParameters(parameters);
			}
			else if (this.socket instanceof SSLSocket sslSocket) {
				sslSocket.setSSLParameters(parameters);
			}
		}
	}

}
