package dev.psat.token;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The content of a file and the result of parsing it: a token or a problem.
 *
 * @param bytes the content
 * @param token the token, {@code null} with a problem
 * @param problem why it is not a token, {@code null} if it is one
 */
record ParsedContent(byte[] bytes, @Nullable ProjectedToken token, @Nullable FileProblem problem) {

	static ParsedContent of(byte[] bytes) {
		try {
			return new ParsedContent(bytes, TokenParser.parse(bytes), null);
		}
		catch (RejectedException ex) {
			return new ParsedContent(bytes, null, ex.problem());
		}
		catch (RuntimeException ex) {
			// not rethrown, since its message may quote the file
			return new ParsedContent(bytes, null,
					TokenParser.malformed("cannot be parsed (%s)".formatted(ex.getClass().getName())).problem());
		}
	}

	boolean isOf(byte[] bytes) {
		return Arrays.equals(this.bytes, bytes);
	}

}
