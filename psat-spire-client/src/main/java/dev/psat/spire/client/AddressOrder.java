package dev.psat.spire.client;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.psat.spire.wire.internal.Time;

/**
 * The order in which addresses are tried: those where nothing has failed, then the one
 * whose last failure was the longest ago. None is ever excluded.
 */
final class AddressOrder {

	private static final int MOST = 100;

	// when each address last failed, the longest ago first
	private final Map<InetAddress, Failure> failures = new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<InetAddress, Failure> eldest) {
			return size() > MOST;
		}

	};

	private final Time time;

	private final Duration rest;

	AddressOrder(Time time, Duration rest) {
		this.time = time;
		this.rest = rest;
	}

	synchronized List<InetAddress> sort(List<InetAddress> addresses) {
		List<InetAddress> failed = new ArrayList<>(this.failures.keySet());
		return addresses.stream().distinct().sorted(Comparator.comparingInt(failed::indexOf)).toList();
	}

	synchronized void failed(InetAddress address) {
		failed(address, isMissed(address));
	}

	synchronized void missed(InetAddress address) {
		failed(address, true);
	}

	private void failed(InetAddress address, boolean missed) {
		// to the end
		this.failures.remove(address);
		this.failures.put(address, new Failure(this.time.nanos(), missed));
	}

	synchronized void reached(InetAddress address) {
		this.failures.computeIfPresent(address, (any, failure) -> new Failure(failure.at(), false));
	}

	synchronized boolean isMissed(InetAddress address) {
		Failure failure = this.failures.get(address);
		return failure != null && failure.missed();
	}

	/**
	 * Otherwise, a server whose answers are failures would be asked on new connections
	 * all the time.
	 */
	synchronized boolean isAnyRested(List<InetAddress> addresses) {
		return addresses.stream().anyMatch(this::isRested);
	}

	private boolean isRested(InetAddress address) {
		Failure failure = this.failures.get(address);
		return failure == null || this.time.nanos() - failure.at() >= this.rest.toNanos();
	}

	private record Failure(long at, boolean missed) {

	}

}
