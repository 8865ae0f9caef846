package dev.psat.spire.internal;

import java.time.Instant;

import dev.psat.spire.SpireStatus;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.SpireException;
import org.jspecify.annotations.Nullable;

public final class VisitException extends Exception {

	private final Enum<?> reason;

	private final String advice;

	public VisitException(Enum<?> reason, String message, String advice) {
		super(message);
		this.reason = reason;
		this.advice = advice;
	}

	public VisitException(SpireException ex, String advice) {
		this(ex.reason(), ex, advice);
	}

	public VisitException(Enum<?> reason, Exception ex, String advice) {
		super(ex.getMessage(), ex);
		this.reason = reason;
		this.advice = advice;
	}

	public boolean isFor(Enum<?> reason) {
		return this.reason == reason;
	}

	public String reason() {
		return this.reason.name();
	}

	/**
	 * {@code null} if it is none of the SPIRE Server's client.
	 */
	public @Nullable FailureReason failure() {
		return (this.reason instanceof FailureReason failure) ? failure : null;
	}

	public String advice() {
		return this.advice;
	}

	public SpireStatus.LastError toLastError(Instant at) {
		return SpireStatus.LastError.builder(reason(), at, String.valueOf(getMessage()), this.advice).build();
	}

	/** Reasons that do not come from a client. */
	public enum OwnReason {

		TOKEN_UNAVAILABLE,

		/** The server issued the identity of the node. */
		NODE_IDENTITY,

		NO_ENTRY,

		AMBIGUOUS_ENTRY,

		/** The agent has sent no new X.509-SVID although one is due. */
		NOT_RENEWED,

		TRUST_BUNDLE_UNREADABLE,

		UNEXPECTED

	}

}
