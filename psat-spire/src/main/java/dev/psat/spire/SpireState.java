package dev.psat.spire;

/**
 * States of a {@link SpireIdentity}. The first one that applies is the state.
 *
 * @since 0.1.0
 */
public enum SpireState {

	/** The identity is disabled by configuration. */
	DISABLED,

	/** The server has banned this agent. The SVID in force is served until it expires. */
	BANNED,

	/**
	 * The server issued the identity of the node instead of that of the pod, and the
	 * application does not allow it.
	 */
	NODE_IDENTITY,

	/** The X.509-SVID has expired. */
	EXPIRED,

	/**
	 * Another process keeps attesting with the same agent ID. The SVID in force is still
	 * served.
	 */
	CONTESTED,

	/** The X.509-SVID is in force, but its renewal is due and fails. */
	RENEWAL_FAILING,

	/** The X.509-SVID is in force. */
	READY,

	/**
	 * The server or the agent has no registration entry for this application, or several
	 * without a way to choose.
	 */
	WAITING_FOR_ENTRY,

	/**
	 * An attestation is in progress or has failed, and there has not been an X.509-SVID
	 * yet.
	 */
	ATTESTING,

	/**
	 * The Workload API has been called, or could not be called, and has not answered yet.
	 */
	CONNECTING,

	/** Neither the server nor the Workload API has been called yet. */
	STARTING;

	/**
	 * Return whether the application can serve in this state.
	 * @return whether an X.509-SVID is in force, and the server has neither banned the
	 * agent nor mistaken it for its node
	 */
	public boolean isUp() {
		return this == CONTESTED || this == RENEWAL_FAILING || this == READY;
	}

}
