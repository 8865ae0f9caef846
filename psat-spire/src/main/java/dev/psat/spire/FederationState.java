package dev.psat.spire;

/**
 * States of a trust domain with which this application is configured to federate.
 *
 * @since 0.1.0
 */
public enum FederationState {

	/**
	 * Its workloads can be verified, and an X.509-SVID of this application is in force.
	 */
	TRUSTED,

	/** The registration entry of this application does not federate with it. */
	NOT_FEDERATED,

	/** The SPIRE Server has no trust bundle of it. */
	NO_BUNDLE,

	/** Its trust bundle is empty, with which it has revoked everything. */
	EMPTY,

	/**
	 * The SPIRE Server has not answered yet, or no X.509-SVID of this application is in
	 * force, without which nobody is trusted.
	 */
	UNKNOWN

}
