package dev.psat.spire.test;

/**
 * A release of the SPIRE Server, as far as a client can tell one from another.
 *
 * @since 0.1.0
 * @see SimulatedSpireServerBuilder#behaveAs(SpireRelease)
 */
public enum SpireRelease {

	/**
	 * Release 1.14.2 and before. It names no cluster in most messages, knows no agent IDs
	 * of pods, so that every cluster has those of nodes, and lets nobody call
	 * {@code PostStatus}. Modelled on source, not on a run.
	 */
	V1_14,

	/**
	 * Release 1.15.3, which is what the transcripts were recorded from.
	 */
	V1_15_3,

	/**
	 * What will be release 1.16: it compares the pod of the token with the one that runs,
	 * and says "failed" where others say "fail". Modelled on source, not on a run.
	 */
	MAIN;

	String failed() {
		return (this == MAIN) ? "failed" : "fail";
	}

	String forCluster(String cluster) {
		return (this == V1_14) ? "" : " for cluster \"" + cluster + "\"";
	}

	boolean knowsPodIds() {
		return this != V1_14;
	}

	boolean allowsPostStatus() {
		return this != V1_14;
	}

	boolean comparesPods() {
		return this == MAIN;
	}

}
