package dev.psat.spire;

import java.util.Objects;

/**
 * Thrown when no SVID or trust bundle is available. It tells why, and what to do about
 * it.
 *
 * @since 0.1.0
 */
public class SvidUnavailableException extends RuntimeException {

	private final SpireState state;

	private final String advice;

	/**
	 * Create an exception.
	 * @param message what is wrong, without any part of a key or a token
	 * @param state the state of the identity
	 * @param advice what to do about it
	 */
	public SvidUnavailableException(String message, SpireState state, String advice) {
		super(message);
		Objects.requireNonNull(state, "'state' must not be null");
		Objects.requireNonNull(advice, "'advice' must not be null");
		this.state = state;
		this.advice = advice;
	}

	/**
	 * Return the state of the identity.
	 * @return the state
	 */
	public SpireState state() {
		return this.state;
	}

	/**
	 * Return the advice on what to do about it.
	 * @return the advice
	 */
	public String advice() {
		return this.advice;
	}

	/**
	 * Return a description for logs, which includes the advice.
	 * @return the text
	 */
	@Override
	public String toString() {
		return super.toString() + ". " + this.advice;
	}

}
