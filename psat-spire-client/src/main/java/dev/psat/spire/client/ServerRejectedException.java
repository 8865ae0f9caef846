package dev.psat.spire.client;

import java.security.cert.CertificateException;

import org.jspecify.annotations.Nullable;

/**
 * Thrown to end the handshake with a server that is rejected.
 */
final class ServerRejectedException extends CertificateException {

	private final FailureReason reason;

	/**
	 * Create an exception.
	 * @param reason {@link FailureReason#SERVER_NOT_TRUSTED},
	 * {@link FailureReason#SERVER_ID_MISMATCH}, or {@link FailureReason#PROTOCOL_ERROR}
	 * for a server that does not speak HTTP/2
	 * @param message what is wrong
	 */
	ServerRejectedException(FailureReason reason, String message) {
		this(reason, message, null);
	}

	ServerRejectedException(FailureReason reason, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.reason = reason;
	}

	FailureReason reason() {
		return this.reason;
	}

}
