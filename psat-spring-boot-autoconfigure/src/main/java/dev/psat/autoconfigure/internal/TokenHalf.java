package dev.psat.autoconfigure.internal;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Whether this application needs the projected token. Whoever obtains its identity in
 * another way declares a bean of this type, which is asked for when the beans of the
 * token are created: a condition could not be decided at run time after AOT processing.
 * Where attestation is disabled altogether, the token counts as needed.
 *
 * @param needed whether it does
 * @param message if not, why there is no token
 * @param advice if not, what to do without one; otherwise how the application could do
 * without one, {@code null} if there is nothing to say
 */
public record TokenHalf(boolean needed, String message, @Nullable String advice) {

	private static final TokenHalf NEEDED = new TokenHalf(true, "", null);

	/**
	 * Create one for an application that needs the token.
	 * @param otherwise how the application could do without one, as shown where something
	 * is missing, {@code null} if there is nothing to say
	 * @return the new one
	 */
	public static TokenHalf needed(@Nullable String otherwise) {
		return new TokenHalf(true, "", otherwise);
	}

	/**
	 * Create one for an application that does not need the token.
	 * @param message why there is none
	 * @param advice what to do without one
	 * @return the new one
	 */
	public static TokenHalf off(String message, String advice) {
		return new TokenHalf(false, message, advice);
	}

	/**
	 * Return what has been declared. The token is needed if nobody has.
	 * @param declared what has been declared
	 * @return whether the application needs the token
	 */
	public static TokenHalf of(ObjectProvider<TokenHalf> declared) {
		return declared.getIfAvailable(() -> NEEDED);
	}

}
