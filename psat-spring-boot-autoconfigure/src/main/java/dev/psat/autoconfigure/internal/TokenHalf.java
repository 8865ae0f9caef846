package dev.psat.autoconfigure.internal;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Whether this application needs the projected token. What obtains its identity in
 * another way is a bean of this type, which is asked for when the beans of the token are
 * created: a condition could not be decided at run time after AOT processing. Where
 * attestation is disabled altogether, the token counts as needed.
 */
public interface TokenHalf {

	boolean needed();

	/**
	 * Return why there is no token, if it is not needed.
	 */
	String message();

	/**
	 * Return what to do without a token, or how the application could do without one,
	 * {@code null} if there is nothing to say.
	 */
	@Nullable String advice();

	static TokenHalf needed(@Nullable String otherwise) {
		return new Told(true, "", otherwise);
	}

	static TokenHalf off(String message, String advice) {
		return new Told(false, message, advice);
	}

	/**
	 * Return what has been declared. The token is needed if nothing has.
	 */
	static TokenHalf of(ObjectProvider<TokenHalf> declared) {
		TokenHalf tokenHalf = declared.getIfAvailable();
		return (tokenHalf != null) ? tokenHalf : needed(null);
	}

	/**
	 * The answer that is known.
	 */
	record Told(boolean needed, String message, @Nullable String advice) implements TokenHalf {

	}

}
