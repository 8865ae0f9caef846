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

	private final Enum<?> reason;

	private final String advice;

	/**
	 * Create an exception.
	 */
	public VisitException(Enum<?> reason, String message, String advice) {
		super(message);
		this.reason = reason;
		this.advice = advice;
	}

	public VisitException(SpireException ex, String advice) {
		this(ex.reason(), ex, advice);
	}

	/**
	 * Create an exception from one of a client.
	 */
	public VisitException(Enum<?> reason, Exception ex, String advice) {
		super(ex.getMessage(), ex);
		this.reason = reason;
		this.advice = advice;
	}

	/**
	 * Return whether this is the reason.
	 */
	public boolean isFor(Enum<?> reason) {
		return this.reason == reason;
	}

	/**
	 * Return the name of the reason.
	 */
	public String reason() {
		return this.reason.name();
	}

	/**
	 * Return the reason from the client of the SPIRE Server.
	 * @return the reason, {@code null} if it is another one
	 */
	public @Nullable FailureReason failure() {
		return (this.reason instanceof FailureReason failure) ? failure : null;
	}

	public String advice() {
		return this.advice;
	}

	/**
	 * Return what the status says of the failure.
	 */
	public SpireStatus.LastError toLastError(Instant at) {
		return SpireStatus.LastError.builder(reason(), at, String.valueOf(getMessage()), this.advice).build();
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

		/** The agent has sent no new X.509-SVID although one is due. */
		NOT_RENEWED,

		/** The file of the trust bundle cannot be read. */
		TRUST_BUNDLE_UNREADABLE,

		/** Anything unexpected. */
		UNEXPECTED

	}

}
