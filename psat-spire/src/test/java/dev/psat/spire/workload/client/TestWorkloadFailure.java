package dev.psat.spire.workload.client;

/**
 * Failures of the client of the Workload API.
 */
public final class TestWorkloadFailure {

	private TestWorkloadFailure() {
	}

	public static WorkloadException of(WorkloadFailureReason reason) {
		return new WorkloadException(reason, reason + " on purpose");
	}

}
