package dev.psat.spire.test;

/**
 * Releases of the SPIRE Server that a client can distinguish.
 *
 * @since 0.1.0
 * @see SimulatedSpireServerBuilder#behaveAs(SpireRelease)
 */
public enum SpireRelease {

	/**
	 * Release 1.14.2 and earlier. Most of its messages do not name the cluster, every
	 * cluster identifies agents by their nodes since it does not support pods, and nobody
	 * may call {@code PostStatus}. Modelled on source, not on a run.
	 */
	V1_14,

	/**
	 * Release 1.15.3, from which the transcripts were recorded.
	 */
	V1_15_3,

	/**
	 * Release 1.16.0. It compares the pod of the token with the running one, and says
	 * "failed" where others say "fail". Modelled on the main branch before that release,
	 * not on a run.
	 */
	V1_16;

	String failed() {
		return (this == V1_16) ? "failed" : "fail";
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
		return this == V1_16;
	}

}
