package dev.psat.spire.tls.internal;

import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.util.Set;

import javax.net.ssl.SSLEngine;

import org.jspecify.annotations.Nullable;

/**
 * Makes the first handshake of a connection its only one. TLS 1.2 lets either end begin
 * another, which may resume the session without asking anybody who the peer is.
 * <p>
 * The JDK begins each handshake with a copy of the parameters, and ends it at once if
 * they permit no protocol. So parameters that permit nothing, once set during a
 * handshake, leave that one alone and end the next. Key updates of TLS 1.3 are no
 * handshakes. Engines and sockets of other libraries are left alone: they may know no
 * constraints, and those of OpenSSL and Bouncy Castle refuse to renegotiate anyway.
 */
final class OneHandshake implements AlgorithmConstraints {

	private static final AlgorithmConstraints NO_OTHER = new OneHandshake();

	private static final Module JDK = SSLEngine.class.getModule();

	private OneHandshake() {
	}

	/**
	 * Let the current handshake of a connection be its last.
	 */
	static void of(EngineOrSocket connection) {
		Object engineOrSocket = connection.get();
		if (engineOrSocket != null && engineOrSocket.getClass().getModule() == JDK) {
			connection.change((parameters) -> parameters.setAlgorithmConstraints(NO_OTHER));
		}
	}

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
