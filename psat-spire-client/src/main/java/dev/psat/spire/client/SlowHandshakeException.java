package dev.psat.spire.client;

import java.io.IOException;
import java.time.Duration;

@SuppressWarnings("serial")
final class SlowHandshakeException extends IOException {

	SlowHandshakeException(Duration timeout) {
		super("TCP connected, but TLS did not complete within %d s".formatted(timeout.toSeconds()));
	}

}
