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
	private final Map<InetAddress, Long> failures = new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<InetAddress, Long> eldest) {
			return size() > MOST;
		}

	};

	/**
	 * Return the addresses in the order in which to try them.
	 * @param addresses the addresses as the name was resolved
	 * @return the same addresses
	 */
	synchronized List<InetAddress> sort(List<InetAddress> addresses) {
		List<InetAddress> failed = new ArrayList<>(this.failures.keySet());
		return addresses.stream().distinct().sorted(Comparator.comparingInt(failed::indexOf)).toList();
	}

	/**
	 * Record that something has failed at an address that another one may do better.
	 * @param address the address
	 */
	synchronized void failed(InetAddress address) {
		// to the end
		this.failures.remove(address);
		this.failures.put(address, System.nanoTime());
	}

	/**
	 * Return whether nothing has failed for a second at one of the addresses. If there is
	 * none, a server whose answers are failures is not asked on new connections all the
	 * time.
	 * @param addresses the addresses
	 * @return whether there is one
	 */
	synchronized boolean isAnyRested(List<InetAddress> addresses) {
		return addresses.stream().anyMatch(this::isRested);
	}

	private boolean isRested(InetAddress address) {
		Long failedAt = this.failures.get(address);
		return failedAt == null || System.nanoTime() - failedAt >= REST;
	}

}
