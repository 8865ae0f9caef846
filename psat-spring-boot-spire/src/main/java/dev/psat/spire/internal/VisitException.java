package dev.psat.spire.internal;

import java.time.Instant;

import dev.psat.spire.SpireStatus;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.SpireException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a visit fails. It tells why, and what to do about it.
 */
public final class VisitException extends Exception {

	private final String reason;

	private final String advice;

	private final @Nullable FailureReason failure;

	public VisitException(OwnReason reason, String message, String advice) {
		super(message);
		this.reason = reason.name();
		this.advice = advice;
		this.failure = null;
	}

	public VisitException(FailureReason reason, String message, String advice) {
		super(message);
		this.reason = reason.name();
		this.advice = advice;
		this.failure = reason;
	}

	public VisitException(SpireException ex, String advice) {
		super(ex.getMessage(), ex);
		this.reason = ex.reason().name();
		this.advice = advice;
		this.failure = ex.reason();
	}

	/**
	 * Return the name of the reason.
	 */
	public String reason() {
		return this.reason;
	}

	/**
	 * Return the reason from the client.
	 * @return the reason, {@code null} if it is an {@link OwnReason}
	 */
	public @Nullable FailureReason failure() {
		return this.failure;
	}

	public String advice() {
		return this.advice;
	}

	/**
	 * Return what the status says of the failure.
	 * @param at when it happened
	 */
	public SpireStatus.LastError toLastError(Instant at) {
		return new SpireStatus.LastError(this.reason, at, String.valueOf(getMessage()), this.advice);
	}

	/**
	 * Reasons that do not come from the client.
	 */
	public enum OwnReason {

		/** There is no payload to attest with. */
		TOKEN_UNAVAILABLE,

		/** The server issued the identity of the node. */
		NODE_IDENTITY,

		/** The server has no entry for this workload. */
		NO_ENTRY,

		/** The server has entries with several IDs. */
		AMBIGUOUS_ENTRY,

		/** The file of the trust bundle cannot be read. */
		TRUST_BUNDLE_UNREADABLE,

		/** Anything unexpected. */
		UNEXPECTED

	}

}
