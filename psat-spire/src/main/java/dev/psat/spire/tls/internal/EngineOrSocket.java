package dev.psat.spire.tls.internal;

import java.net.Socket;
import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.util.Set;
import java.util.function.Consumer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/** What shakes hands, as far as a library tells of it. */
record EngineOrSocket(@Nullable SSLEngine engine, @Nullable Socket socket) {

	static final EngineOrSocket UNKNOWN = new EngineOrSocket(null, null);

	private static final AlgorithmConstraints NOTHING = new Nothing();

	private static final Module JDK = SSLEngine.class.getModule();

	static EngineOrSocket of(@Nullable SSLEngine engine) {
		return new EngineOrSocket(engine, null);
	}

	static EngineOrSocket of(@Nullable Socket socket) {
		return new EngineOrSocket(null, socket);
	}

	@Nullable Object get() {
		return (this.engine != null) ? this.engine : this.socket;
	}

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

	/**
	 * Make the current handshake the only one of this connection. TLS 1.2 lets either end
	 * begin another, which may resume the session without asking anybody who the peer is.
	 * <p>
	 * The JDK begins each handshake with a copy of the parameters, and ends it at once if
	 * they permit no protocol. So parameters that permit nothing, once set during a
	 * handshake, leave that one alone and end the next. Key updates of TLS 1.3 are no
	 * handshakes. Engines and sockets of other libraries may know no constraints, and
	 * those of OpenSSL and Bouncy Castle refuse to renegotiate anyway.
	 */
	void permitNoOtherHandshake() {
		Object engineOrSocket = get();
		if (engineOrSocket != null && engineOrSocket.getClass().getModule() == JDK) {
			change((parameters) -> parameters.setAlgorithmConstraints(NOTHING));
		}
	}

	private static final class Nothing implements AlgorithmConstraints {

		@Override
		public boolean permits(Set<CryptoPrimitive> primitives, String algorithm,
				@Nullable AlgorithmParameters parameters) {
			return false;
		}

		@Override
		public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
			return false;
		}

		@Override
		public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, Key key,
				@Nullable AlgorithmParameters parameters) {
			return false;
		}

	}

}
