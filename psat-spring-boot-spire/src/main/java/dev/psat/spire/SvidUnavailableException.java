package dev.psat.spire;

/**
 * There is no SVID or no trust bundle that may be used. Says why, and what to do about
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
	 * Return what to do about it.
	 * @return the advice
	 */
	public String advice() {
		return this.advice;
	}

	/**
	 * Return a text for logs, the advice included.
	 * @return the text
	 */
	@Override
	public String toString() {
		return super.toString() + ". " + this.advice;
	}

}
