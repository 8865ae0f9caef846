package dev.psat.docs.plain;

import dev.psat.spire.SpireIdentity;
// tag::program[]
import dev.psat.spire.workload.WorkloadIdentity;
// end::program[]

/**
 * The same, with the identity that an agent hands out.
 */
final class InventoryOnNode {

	private InventoryOnNode() {
	}

	// tag::program[]
	public static void main(String[] args) throws Exception {
		try (SpireIdentity identity = WorkloadIdentity.builder().build()) {
			Inventory.run(identity);
		}
	}
	// end::program[]

}
