package dev.psat.spire.client;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The order in which a client tries the addresses of the server: those where nothing has
 * failed, then the one whose last failure was the longest ago. No address is ever
 * excluded. Safe for use by multiple threads.
 */
final class AddressOrder {

	private static final int MOST = 100;

	private static final long REST = TimeUnit.SECONDS.toNanos(1);

	// when each address last failed, the longest ago first
	private final Map<InetAddress, Failure> failures = new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<InetAddress, Failure> eldest) {
			return size() > MOST;
		}

	};

	synchronized List<InetAddress> sort(List<InetAddress> addresses) {
		List<InetAddress> failed = new ArrayList<>(this.failures.keySet());
		return addresses.stream().distinct().sorted(Comparator.comparingInt(failed::indexOf)).toList();
	}

	/** Record that something has failed at an address that another one may do better. */
	synchronized void failed(InetAddress address) {
		failed(address, isMissed(address));
	}

	synchronized void missed(InetAddress address) {
		failed(address, true);
	}

	private void failed(InetAddress address, boolean missed) {
		// to the end
		this.failures.remove(address);
		this.failures.put(address, new Failure(System.nanoTime(), missed));
	}

	synchronized void reached(InetAddress address) {
		this.failures.computeIfPresent(address, (any, failure) -> new Failure(failure.at(), false));
	}

	synchronized boolean isMissed(InetAddress address) {
		Failure failure = this.failures.get(address);
		return failure != null && failure.missed();
	}

	/**
	 * Return whether nothing has failed for a second at one of the addresses. If there is
	 * none, a server whose answers are failures is not asked on new connections all the
	 * time.
	 */
	synchronized boolean isAnyRested(List<InetAddress> addresses) {
		return addresses.stream().anyMatch(this::isRested);
	}

	private boolean isRested(InetAddress address) {
		Failure failure = this.failures.get(address);
		return failure == null || System.nanoTime() - failure.at() >= REST;
	}

	private record Failure(long at, boolean missed) {

	}

}
