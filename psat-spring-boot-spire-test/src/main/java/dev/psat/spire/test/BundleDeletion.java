package dev.psat.spire.test;

/**
 * What the deletion of a federated bundle does to the entries that federate with it: the
 * modes of {@code bundle delete}.
 *
 * @since 0.1.0
 * @see SimulatedFederation#delete(String, BundleDeletion)
 */
public enum BundleDeletion {

	/**
	 * Refuses the deletion while there are such entries. The default of a real server.
	 */
	RESTRICT,

	/**
	 * Removes the trust domain from these entries, whose revision numbers stay as they
	 * are.
	 */
	DISSOCIATE,

	/**
	 * Deletes these entries, so that their workloads lose their identity.
	 */
	DELETE

}
