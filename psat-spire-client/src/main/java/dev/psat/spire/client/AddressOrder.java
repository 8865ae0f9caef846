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
		failed(address, isMissed(address));
	}

	/**
	 * Record that an attempt to reach a server at an address has failed.
	 * @param address the address
	 */
	synchronized void missed(InetAddress address) {
		failed(address, true);
	}

	private void failed(InetAddress address, boolean missed) {
		// to the end
		this.failures.remove(address);
		this.failures.put(address, new Failure(System.nanoTime(), missed));
	}

	/**
	 * Record that a server was accepted at an address.
	 * @param address the address
	 */
	synchronized void reached(InetAddress address) {
		this.failures.computeIfPresent(address, (any, failure) -> new Failure(failure.at(), false));
	}

	/**
	 * Return whether the last attempt to reach a server at an address has failed.
	 * @param address the address
	 * @return whether it has
	 */
	synchronized boolean isMissed(InetAddress address) {
		Failure failure = this.failures.get(address);
		return failure != null && failure.missed();
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
		Failure failure = this.failures.get(address);
		return failure == null || System.nanoTime() - failure.at() >= REST;
	}

	/**
	 * The last failure at an address.
	 *
	 * @param at when it was, by the monotonic clock
	 * @param missed whether the last attempt to reach a server there has failed
	 */
	private record Failure(long at, boolean missed) {

	}

}
