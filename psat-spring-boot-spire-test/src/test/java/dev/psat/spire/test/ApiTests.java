package dev.psat.spire.test;

import java.util.stream.Stream;

import dev.psat.support.ApiContract;

/**
 * The rules for what tests of applications use.
 */
class ApiTests extends ApiContract {

	@Override
	protected Stream<String> publicTypes() {
		return Stream
			.of("BundleDeletion", "EntrySpec", "FederatedBundle", "FederatedBundleFaults", "Refusal", "ReviewFault",
					"ServerJournal", "SimulatedAgents", "SimulatedAuthority", "SimulatedCluster", "SimulatedEntries",
					"SimulatedFaults", "SimulatedFederation", "SimulatedJwtAuthority", "SimulatedSpireServer",
					"SimulatedSpireServerBuilder", "SimulatedSpireServerConfiguration", "SimulatedTrustBundle",
					"SimulatedWorkloadApi", "SimulatedWorkloadApiBuilder", "SimulatedWorkloadApiConfiguration",
					"SimulatedX509Svid", "SpireMethod", "SpireRelease", "SvidMint", "WorkloadFaults", "WorkloadJournal",
					"WorkloadMethod", "WorkloadSvidFault")
			.map("spire.test."::concat);
	}

	@Override
	protected Stream<String> publicRecords() {
		return Stream.empty();
	}

}
