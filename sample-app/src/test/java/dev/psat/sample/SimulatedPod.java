package dev.psat.sample;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import dev.psat.test.SimulatedKubelet;
import dev.psat.test.SimulatedKubeletBuilder;

/**
 * The pod of {@code deploy/}, without a cluster.
 */
final class SimulatedPod {

	private SimulatedPod() {
	}

	static SimulatedKubeletBuilder kubelet() {
		return SimulatedKubelet.builder()
			.serviceAccount("psat-sample", "sample-app")
			.pod("sample-app-6d5f7c9b8d-x2x4q")
			.node("node-1");
	}

	/**
	 * Return the only thing of a token that may be shown, by a computation of its own.
	 */
	static String fingerprint(String token) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			byte[] hash = digest.digest(token.getBytes(StandardCharsets.US_ASCII));
			return "sha256:" + HexFormat.of().formatHex(hash, 0, 8);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
