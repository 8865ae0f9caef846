package dev.psat.spire.wire.internal;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;

import dev.psat.spiffe.internal.Quoted;

/** Checks what the builders of both clients are given. */
public final class Settings {

	public static final String DEFAULT_USER_AGENT = "psat-spire-client";

	private static final Pattern PRINTABLE = Pattern.compile("[!-~](?:[ -~]*[!-~])?");

	private Settings() {
	}

	public static String userAgent(String userAgent) {
		Objects.requireNonNull(userAgent, "'userAgent' must not be null");
		if (!PRINTABLE.matcher(userAgent).matches()) {
			throw new IllegalArgumentException(
					"The user agent %s must be printable ASCII".formatted(Quoted.text(userAgent)));
		}
		return userAgent;
	}

	public static Duration timeout(Duration timeout, String name) {
		Objects.requireNonNull(timeout, () -> "'%s' must not be null".formatted(name));
		if (timeout.isNegative() || timeout.isZero()) {
			throw new IllegalArgumentException("The timeout %s must be positive".formatted(timeout));
		}
		return timeout;
	}

}
