package dev.psat.spire.client;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a call to the SPIRE Server fails.
 *
 * @since 0.1.0
 */
public final class SpireException extends RuntimeException {

	private final FailureReason reason;

	SpireException(FailureReason reason, String message) {
		this(reason, message, null);
	}

	SpireException(FailureReason reason, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.reason = reason;
	}

	/** Return why the call failed. */
	public FailureReason reason() {
		return this.reason;
	}

}
