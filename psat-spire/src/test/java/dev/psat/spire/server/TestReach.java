package dev.psat.spire.server;

import dev.psat.spire.internal.JwtRefusals;
import org.jspecify.annotations.Nullable;

/**
 * How far refusals of the SPIRE Server reach.
 */
public final class TestReach {

	private TestReach() {
	}

	public static JwtRefusals.@Nullable Reach of(@Nullable Throwable cause) {
		return JwtSvidIssuer.reach(cause);
	}

}
