package dev.psat.token;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What a person should do about a state.
 */
final class Advice {

	private Advice() {
	}

	static String forSource(SourceState state) {
		return switch (state) {
			case MISSING ->
				"In a pod, mount a projected volume with a 'serviceAccountToken' source there, as a directory. "
						+ "On a laptop, the dependency psat-spring-boot-test has a simulated kubelet: "
						+ "SimulatedKubeletConfiguration brings the token of the default source.";
			case UNREADABLE ->
				"The path has to be that of the token's file, not of its directory. If permission is denied, "
						+ "set 'fsGroup' in the pod's security context and look at 'defaultMode' of the volume.";
			case MALFORMED -> "Check that the path is that of a projected service account token and that nothing else "
					+ "writes to it.";
			case WRONG_AUDIENCE ->
				"Set 'audience' of the 'serviceAccountToken' source in the pod to one that is expected, "
						+ "or expect another one (for the default source: 'spire.psat.audience').";
			case STALE ->
				"Compare the clocks of this node and of the API server, and check that kubelet writes the file.";
			case PINNED -> "Mount the volume as a directory, without 'subPath': "
					+ "kubelet never updates a file that is mounted with 'subPath'.";
			case OK -> "Nothing has to be done.";
		};
	}

	static @Nullable String messageFor(TokenState state, Validity validity) {
		return switch (state) {
			case EXPIRED -> "The token and its leeway ran out at " + Instant.ofEpochMilli(validity.until());
			case NOT_YET_VALID ->
				"The token will be valid, leeway included, at " + Instant.ofEpochMilli(validity.from());
			case OVERDUE -> "kubelet should have replaced the token by " + Instant.ofEpochMilli(validity.overdueFrom());
			case NONE, VALID -> null;
		};
	}

	static @Nullable String forToken(TokenState state) {
		return switch (state) {
			case EXPIRED, OVERDUE ->
				"Check that the volume is not mounted with 'subPath', that the pod is not terminating "
						+ "and that none of its volumes is stuck, and look at the kubelet of the node.";
			case NOT_YET_VALID -> "Compare the clocks of this node and of the API server.";
			case NONE, VALID -> null;
		};
	}

}
