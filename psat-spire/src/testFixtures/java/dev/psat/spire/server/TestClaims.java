package dev.psat.spire.server;

import java.util.List;

import dev.psat.token.TokenClaims;
import dev.psat.token.TokenClaims.Reference;

/**
 * Claims of the token of a pod.
 */
public final class TestClaims {

	public static final String POD_UID = "0b4b1b0e-6f7c-4b1a-9d0e-2f4a5c6d7e8f";

	static final TokenClaims POD = TokenClaims.builder()
		.issuer("https://kubernetes.default.svc")
		.subject("system:serviceaccount:shop:orders")
		.audiences(List.of("spire-server"))
		.namespace("shop")
		.serviceAccount(new Reference("orders", "7a1f"))
		.pod(new Reference("orders-1", POD_UID))
		.node(new Reference("node-1", "9c2d"))
		.build();

	private TestClaims() {
	}

}
