package dev.psat.spire.workload.client;

import dev.psat.support.agent.AgentUnderTest;

/**
 * The simulated Workload API keeps the contract.
 */
class SimulatedWorkloadApiContractTests extends WorkloadApiContract {

	@Override
	AgentUnderTest start() {
		return new SimulatedAgent();
	}

}
