package dev.psat.spire.client;

import java.io.IOException;
import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * {@link java.net.http.HttpClient} has one time-out for TCP and TLS together, and does
 * not tell which it is about.
 *
 * @param begun completes when TCP has connected and the first message is written
 * @param checked completes when the server is accepted, see {@link ServerTrustManager}
 */
record Handshake(CompletableFuture<Void> begun, CompletableFuture<Void> checked) {

	Handshake() {
		this(new CompletableFuture<>(), new CompletableFuture<>());
	}

	/** Permit what the JDK does, which asks them what to offer to the server. */
	static AlgorithmConstraints constraints(Runnable asked) {
		return new AlgorithmConstraints() {

			@Override
			public boolean permits(Set<CryptoPrimitive> primitives, String algorithm,
					@Nullable AlgorithmParameters parameters) {
				asked.run();
				return true;
			}

			@Override
			public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
				return true;
			}

			@Override
			public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, Key key,
					@Nullable AlgorithmParameters parameters) {
				return true;
			}

		};
	}

	@SuppressWarnings("serial")
	static final class TooSlowException extends IOException {

		TooSlowException(Duration timeout) {
			super("TCP connected, but TLS did not complete within %d s".formatted(timeout.toSeconds()));
		}

	}

}
