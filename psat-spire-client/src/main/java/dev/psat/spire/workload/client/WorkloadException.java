package dev.psat.spire.workload.client;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a call of the Workload API fails.
 *
 * @since 0.1.0
 */
public final class WorkloadException extends RuntimeException {

	private final WorkloadFailureReason reason;

	WorkloadException(WorkloadFailureReason reason, String message) {
		this(reason, message, null);
	}

	WorkloadException(WorkloadFailureReason reason, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.reason = reason;
	}

	/** Return why the call failed. */
	public WorkloadFailureReason reason() {
		return this.reason;
	}

}
