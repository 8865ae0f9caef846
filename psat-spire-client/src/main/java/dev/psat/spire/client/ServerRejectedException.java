package dev.psat.spire.client;

import java.security.cert.CertificateException;

import org.jspecify.annotations.Nullable;

final class ServerRejectedException extends CertificateException {

	private final FailureReason reason;

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
