package dev.psat.spire.wire.internal;

import java.util.Objects;
import java.util.regex.Pattern;

import dev.psat.spiffe.internal.Quoted;

public final class UserAgents {

	/** What clients say that are not told otherwise. */
	public static final String DEFAULT = "psat-spire-client";

	private static final Pattern PRINTABLE = Pattern.compile("[!-~](?:[ -~]*[!-~])?");

	private UserAgents() {
	}

	public static String checked(String userAgent) {
		Objects.requireNonNull(userAgent, "'userAgent' must not be null");
		if (!PRINTABLE.matcher(userAgent).matches()) {
			throw new IllegalArgumentException(
					"The user agent %s must be printable ASCII".formatted(Quoted.text(userAgent)));
		}
		return userAgent;
	}

}
