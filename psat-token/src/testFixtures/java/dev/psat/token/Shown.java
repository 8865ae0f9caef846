package dev.psat.token;

import java.util.Objects;

/**
 * What a status shows that has a token, or whose source reads a file.
 */
public final class Shown {

	private Shown() {
	}

	public static TokenStatus.Token token(TokenStatus status) {
		return Objects.requireNonNull(status.token(), "There is no token");
	}

	public static TokenStatus.Watch watch(TokenStatus status) {
		return Objects.requireNonNull(status.watch(), "No file is read");
	}

}
