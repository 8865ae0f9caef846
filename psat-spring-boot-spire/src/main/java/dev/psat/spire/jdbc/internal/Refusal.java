package dev.psat.spire.jdbc.internal;

/**
 * Why there must be no connection.
 *
 * @param problem what is wrong, a sentence
 * @param action what to do about it, a sentence
 */
public record Refusal(String problem, String action) {

	@Override
	public String toString() {
		return this.problem + " " + this.action;
	}

}
