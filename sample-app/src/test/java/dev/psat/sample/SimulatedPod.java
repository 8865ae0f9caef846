package dev.psat.sample;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerBuilder;
import dev.psat.test.SimulatedKubelet;
import dev.psat.test.SimulatedKubeletBuilder;

/**
 * The pod of {@code deploy/} and its SPIRE Server, without a cluster.
 */
final class SimulatedPod {

	static final String CLUSTER = "demo-cluster";

	static final String SPIFFE_ID = "spiffe://example.org/ns/psat-sample/sa/sample-app";

	private SimulatedPod() {
	}

	static SimulatedKubeletBuilder kubelet() {
		return SimulatedKubelet.builder()
			.serviceAccount("psat-sample", "sample-app")
			.pod("sample-app-6d5f7c9b8d-x2x4q")
			.node("node-1");
	}

	static SimulatedSpireServerBuilder spireServer(SimulatedKubelet kubelet) {
		return SimulatedSpireServer.builder().workload(kubelet, CLUSTER);
	}

	/**
	 * Change the entry of the pod, so that the next visit renews its SVID.
	 */
	static void changeEntry(SimulatedSpireServer server, SimulatedKubelet kubelet) {
		server.entries().change(server.register(kubelet, CLUSTER), (entry) -> entry.dnsNames("sample-app"));
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
