package dev.psat.support.soak;

/**
 * Tells what was thrown.
 */
public final class Thrown {

	private Thrown() {
	}

	/**
	 * Return what was thrown, with its causes.
	 */
	public static String describe(Throwable thrown) {
		StringBuilder text = new StringBuilder(thrown.toString());
		for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
			text.append(" <- ").append(cause);
		}
		return text.toString();
	}

}
