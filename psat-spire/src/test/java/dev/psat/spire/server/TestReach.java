package dev.psat.spire.server;

import dev.psat.spire.internal.JwtSvids;
import org.jspecify.annotations.Nullable;

/**
 * How far refusals of the SPIRE Server reach.
 */
public final class TestReach {

	private TestReach() {
	}

	public static JwtSvids.Reach of(@Nullable Throwable cause) {
		return JwtSvidIssuer.reachOf(cause);
	}

}
