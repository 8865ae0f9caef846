package dev.psat.spire.server;

import java.util.List;

import dev.psat.token.TokenClaims;
import dev.psat.token.TokenClaims.Reference;

/**
 * Claims of the token of a pod.
 */
public final class TestClaims {

	public static final String POD_UID = "0b4b1b0e-6f7c-4b1a-9d0e-2f4a5c6d7e8f";

	static final TokenClaims POD = new TokenClaims("https://kubernetes.default.svc",
			"system:serviceaccount:shop:orders", List.of("spire-server"), null, "shop", new Reference("orders", "7a1f"),
			new Reference("orders-1", POD_UID), new Reference("node-1", "9c2d"));

	private TestClaims() {
	}

}
