package dev.psat.spire;

/**
 * State of the identity that the SPIRE Server gives. The first of these that applies is
 * the state.
 *
 * @since 0.1.0
 */
public enum SpireState {

	/**
	 * Nothing is attested, by configuration.
	 */
	DISABLED,

	/**
	 * The server has banned this agent. The SVID in force serves until it expires.
	 */
	BANNED,

	/**
	 * The server gave the identity of the node instead of that of the pod, and the
	 * application does not allow it.
	 */
	NODE_IDENTITY,

	/**
	 * There was an X.509-SVID, and it has expired.
	 */
	EXPIRED,

	/**
	 * Another process attests with the same agent ID, over and over. The SVID in force
	 * serves.
	 */
	CONTESTED,

	/**
	 * The X.509-SVID is in force, but its renewal is due and fails.
	 */
	RENEWAL_FAILING,

	/**
	 * The X.509-SVID is in force.
	 */
	READY,

	/**
	 * The server has attested this application and has no registration entry for it, or
	 * several between which nobody has decided.
	 */
	WAITING_FOR_ENTRY,

	/**
	 * An attestation is under way or has failed, and there was no X.509-SVID yet.
	 */
	ATTESTING,

	/**
	 * Nothing was tried yet.
	 */
	STARTING;

	/**
	 * Return whether the application can serve in this state.
	 * @return whether an X.509-SVID is in force, and the server has neither banned the
	 * agent nor taken it for its node
	 */
	public boolean isUp() {
		return this == CONTESTED || this == RENEWAL_FAILING || this == READY;
	}

}
