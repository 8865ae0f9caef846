package dev.psat.token;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when no usable token is available. Says why and what to do about it; never
 * contains any part of a token.
 *
 * @since 0.1.0
 */
public class TokenUnavailableException extends RuntimeException {

	private final TokenState tokenState;

	private final @Nullable SourceState sourceState;

	private final String advice;

	private final transient @Nullable Path path;

	private final List<String> audiences;

	/**
	 * Create an exception.
	 * @param message what is wrong, without any part of a token
	 * @param tokenState state of the token in memory
	 * @param sourceState state of the place that tokens come from, or {@code null} if
	 * unknown
	 * @param advice what to do about it
	 */
	public TokenUnavailableException(String message, TokenState tokenState, @Nullable SourceState sourceState,
			String advice) {
		this(message, tokenState, sourceState, advice, null, Collections.emptyList());
	}

	TokenUnavailableException(String message, TokenState tokenState, @Nullable SourceState sourceState, String advice,
			@Nullable Path path, Collection<String> audiences) {
		super(message);
		Objects.requireNonNull(tokenState, "'tokenState' must not be null");
		Objects.requireNonNull(advice, "'advice' must not be null");
		this.tokenState = tokenState;
		this.sourceState = sourceState;
		this.advice = advice;
		this.path = path;
		this.audiences = List.copyOf(audiences);
	}

	/** The state of the token in memory. */
	public TokenState tokenState() {
		return this.tokenState;
	}

	/** The state of the place that tokens come from, {@code null} if unknown. */
	public @Nullable SourceState sourceState() {
		return this.sourceState;
	}

	/** What to do about it. */
	public String advice() {
		return this.advice;
	}

	/** The path of the file that should hold the token, {@code null} if there is none. */
	public @Nullable Path path() {
		return this.path;
	}

	/**
	 * Return the audiences of which the token in the file must carry one, empty if any is
	 * accepted or there is no file.
	 */
	public List<String> audiences() {
		return this.audiences;
	}

	/** A text for logs, including the advice. */
	@Override
	public String toString() {
		return super.toString() + ". " + this.advice;
	}

}
