package dev.psat.token;

/**
 * State of the place that a token comes from. If several apply, the first constant is
 * used.
 *
 * @since 0.1.0
 */
public enum SourceState {

	/** There is nothing at the path, or a dangling link. */
	MISSING("In a pod, mount a projected volume with a 'serviceAccountToken' source there, as a directory. "
			+ "On a laptop, SimulatedKubeletConfiguration of psat-spring-boot-test provides the token of the "
			+ "default source; for the SPIRE starter, SimulatedSpireServerConfiguration of "
			+ "psat-spring-boot-spire-test does."),

	/**
	 * What is at the path cannot be read: it is a link loop or not a regular file,
	 * permission is denied, it is written to without a pause, or the file system does not
	 * answer.
	 */
	UNREADABLE("The path must point to the token file, not to its directory. If permission is denied, "
			+ "set 'fsGroup' in the pod's security context and check the 'defaultMode' of the volume."),

	/**
	 * The file is not a JWT: it is empty, too large, contains forbidden characters, or is
	 * broken.
	 */
	MALFORMED(
			"Check that the path points to a projected service account token and that nothing else " + "writes to it."),

	/** The token in the file is meant for another audience. */
	WRONG_AUDIENCE("Set the 'audience' of the pod's 'serviceAccountToken' source to an expected one, "
			+ "or change the expected audience (for the default source: 'spire.psat.audience')."),

	/** The token in the file is not in force while the token in memory is. */
	STALE("Compare the clocks of this node and the API server, and check that kubelet writes the file."),

	/**
	 * The file holds the token in memory, but the path can never show another one: it is
	 * a {@code subPath} mount or an unlinked file.
	 */
	PINNED("Mount the volume as a directory, without 'subPath': "
			+ "kubelet never updates a file that is mounted with 'subPath'."),

	/** The file holds the token in memory. */
	OK("No action is required.");

	private final String advice;

	SourceState(String advice) {
		this.advice = advice;
	}

	String advice() {
		return this.advice;
	}

}
