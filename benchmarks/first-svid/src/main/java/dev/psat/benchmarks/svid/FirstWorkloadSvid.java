package dev.psat.benchmarks.svid;

import dev.psat.spire.workload.client.WorkloadClient;
import dev.psat.spire.workload.client.WorkloadEndpoint;

/**
 * Obtains an X.509-SVID from a SPIRE Agent by {@code psat-spire-client}, and holds the
 * stream.
 */
public final class FirstWorkloadSvid {

	private FirstWorkloadSvid() {
	}

	/**
	 * Obtain an X.509-SVID, and follow those that replace it.
	 * @param args the endpoint of the Workload API
	 */
	public static void main(String[] args) {
		try (WorkloadClient client = WorkloadClient.builder(WorkloadEndpoint.parse(args[0])).build()) {
			client.followX509((update) -> Ready.tell());
		}
	}

}
