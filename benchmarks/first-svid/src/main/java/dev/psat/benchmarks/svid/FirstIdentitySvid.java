package dev.psat.benchmarks.svid;

import java.util.concurrent.CountDownLatch;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.workload.WorkloadIdentity;
import dev.psat.spire.workload.client.WorkloadEndpoint;

/**
 * Obtains an X.509-SVID from an agent by {@code WorkloadIdentity}, and holds the streams.
 */
public final class FirstIdentitySvid {

	private FirstIdentitySvid() {
	}

	public static void main(String[] args) throws Exception {
		CountDownLatch obtained = new CountDownLatch(1);
		SpireIdentity identity = WorkloadIdentity.builder().endpoint(WorkloadEndpoint.parse(args[0])).build();
		identity.addObserver(new SpireObserver() {

			@Override
			public void changed(SpireStatus previous, SpireStatus current) {
				if (current.state() == SpireState.READY) {
					obtained.countDown();
				}
			}

		});
		identity.start();
		obtained.await();
		Ready.tellAndWait();
	}

}
