package dev.psat.autoconfigure.internal;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Whether this application needs the projected token. What obtains the identity in
 * another way declares a bean of this type, which is asked for when the beans of the
 * token are created: a condition could not be decided at run time after AOT processing.
 * Where attestation is disabled altogether, the token counts as needed.
 *
 * @param message if not, why there is no token
 * @param advice if not, what to do without one; otherwise how the application could do
 * without one, {@code null} if there is nothing to say
 */
public record TokenHalf(boolean needed, String message, @Nullable String advice) {

	private static final TokenHalf NEEDED = new TokenHalf(true, "", null);

	public static TokenHalf needed(@Nullable String otherwise) {
		return new TokenHalf(true, "", otherwise);
	}

	public static TokenHalf off(String message, String advice) {
		return new TokenHalf(false, message, advice);
	}

	public static TokenHalf of(ObjectProvider<TokenHalf> declared) {
		return declared.getIfAvailable(() -> NEEDED);
	}

}
