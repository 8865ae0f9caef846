package dev.psat.spire.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.workload.client.WorkloadEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * What a process of its own runs for {@link WorkloadFullHeapTests}: an identity whose
 * agent goes away and comes back, and whose heap is full in between.
 */
final class WorkloadFullHeap {

	private static final Duration SOON = Duration.ofSeconds(30);

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
			until("ready", () -> identity.status().state() == SpireState.READY);
			System.out.println("ready");
			until("agent that is away", () -> identity.status().lastError() != null);
			fillFor(Duration.ofSeconds(3));
			System.out.println("filled");
			until("agent that is back", () -> identity.status().lastError() == null);
			until("observer",
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

	private static void fillFor(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		List<byte[]> ballast = new ArrayList<>(100_000);
		int size = 1 << 20;
		while (System.nanoTime() < end) {
			try {
				ballast.add(new byte[size]);
			}
			catch (OutOfMemoryError ex) {
				size = Math.max(16, size / 2);
			}
		}
	}

	private static void until(String what, BooleanSupplier condition) throws InterruptedException {
		long deadline = System.nanoTime() + SOON.toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() > deadline) {
				System.out.println("missing: " + what);
				System.exit(1);
			}
			Thread.sleep(5);
		}
	}

}
