package dev.psat.token;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

final class Advice {

	private Advice() {
	}

	static String forSource(SourceState state) {
		return switch (state) {
			case MISSING ->
				"In a pod, mount a projected volume with a 'serviceAccountToken' source there, as a directory. "
						+ "On a laptop, SimulatedKubeletConfiguration of psat-spring-boot-test provides the token of the "
						+ "default source; for the SPIRE starter, SimulatedSpireServerConfiguration of "
						+ "psat-spring-boot-spire-test does.";
			case UNREADABLE -> "The path must point to the token file, not to its directory. If permission is denied, "
					+ "set 'fsGroup' in the pod's security context and check the 'defaultMode' of the volume.";
			case MALFORMED -> "Check that the path points to a projected service account token and that nothing else "
					+ "writes to it.";
			case WRONG_AUDIENCE -> "Set the 'audience' of the pod's 'serviceAccountToken' source to an expected one, "
					+ "or change the expected audience (for the default source: 'spire.psat.audience').";
			case STALE -> "Compare the clocks of this node and the API server, and check that kubelet writes the file.";
			case PINNED -> "Mount the volume as a directory, without 'subPath': "
					+ "kubelet never updates a file that is mounted with 'subPath'.";
			case OK -> "No action is required.";
		};
	}

	static @Nullable String messageFor(TokenState state, Validity validity) {
		return switch (state) {
			case EXPIRED -> "The token expired, leeway included, at " + Instant.ofEpochMilli(validity.until());
			case NOT_YET_VALID ->
				"The token becomes valid, leeway included, at " + Instant.ofEpochMilli(validity.from());
			case OVERDUE -> "kubelet should have replaced the token by " + Instant.ofEpochMilli(validity.overdueFrom());
			case NONE, VALID -> null;
		};
	}

	static @Nullable String forToken(TokenState state) {
		return switch (state) {
			case EXPIRED, OVERDUE ->
				"Check that the volume is not mounted with 'subPath', that the pod is not terminating "
						+ "and that none of its volumes is stuck, and check the kubelet of the node.";
			case NOT_YET_VALID -> "Compare the clocks of this node and the API server.";
			case NONE, VALID -> null;
		};
	}

}
