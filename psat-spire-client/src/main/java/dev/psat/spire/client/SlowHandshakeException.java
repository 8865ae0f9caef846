package dev.psat.spire.client;

import java.io.IOException;
import java.time.Duration;

/**
 * Thrown when TCP has connected, but TLS has not accepted the server in time.
 */
@SuppressWarnings("serial")
final class SlowHandshakeException extends IOException {

	SlowHandshakeException(Duration timeout) {
		super("TCP connected, but TLS did not complete within %d s".formatted(timeout.toSeconds()));
	}

}
