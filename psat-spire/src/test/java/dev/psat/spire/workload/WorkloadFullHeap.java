package dev.psat.spire.workload;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.workload.client.WorkloadEndpoint;
import dev.psat.support.FullHeap;
import dev.psat.support.Patience;
import org.jspecify.annotations.Nullable;

/**
 * What a process of its own runs for {@link WorkloadFullHeapTests}: an identity whose
 * agent goes away and comes back, and whose heap is full in between.
 */
final class WorkloadFullHeap {

	private static final Duration SOON = Patience.LIMIT;

	private WorkloadFullHeap() {
	}

	/**
	 * Fill the heap and see what is left of an identity.
	 * @param args the address of the Workload API
	 * @throws Exception if anything goes wrong
	 */
	public static void main(String[] args) throws Exception {
		AtomicReference<@Nullable SpireStatus> told = new AtomicReference<>();
		try (SpireIdentity identity = WorkloadIdentity.builder().endpoint(WorkloadEndpoint.parse(args[0])).build()) {
			identity.addObserver(new SpireObserver() {

				@Override
				public void changed(SpireStatus previous, SpireStatus current) {
					told.set(current);
				}

			});
			identity.start();
			FullHeap.until("ready", SOON, () -> identity.status().state() == SpireState.READY);
			System.out.println("ready");
			FullHeap.until("agent that is away", SOON, () -> identity.status().lastError() != null);
			FullHeap.fillFor(Duration.ofSeconds(3));
			System.out.println("filled");
			FullHeap.until("agent that is back", SOON, () -> identity.status().lastError() == null);
			FullHeap.until("observer", SOON,
					() -> generation(told.get()) == generation(identity.status()) && generation(identity.status()) > 1);
			identity.jwtSvid("bank");
			identity.stop();
			identity.start();
		}
		System.out.println("survived");
		System.exit(0);
	}

	private static long generation(@Nullable SpireStatus status) {
		SpireStatus.Svid svid = (status != null) ? status.svid() : null;
		return (svid != null) ? svid.generation() : 0;
	}

}
