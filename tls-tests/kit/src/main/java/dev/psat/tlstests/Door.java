package dev.psat.tlstests;

/**
 * Where the identity of an application comes from.
 */
public enum Door {

	/** A SPIRE Server, to which the application attests itself. */
	SPIRE_SERVER,

	/** The Workload API of an agent. */
	WORKLOAD_API

}
