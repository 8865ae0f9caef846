package dev.psat.tlstests.tomcat.soak;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.psat.support.soak.Violations;
import dev.psat.tlstests.tomcat.soak.Failure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a fault explains that a call failed. Calls may only fail while failures
 * are allowed, and no more of them than handshakes were refused, unless an application
 * refuses by itself, which no meter counts. Any other failed call or refused handshake is
 * a violation.
 * <p>
 * Nobody calls at the moment at which failures become allowed or forbidden, so that each
 * call and its handshake are on the same side of it.
 */
final class Allowances {

	private final Violations violations;

	private final List<String> applications;

	private final Meters meters;

	private final Map<String, Long> explained = new TreeMap<>();

	private final Map<Side, Long> failed = new HashMap<>();

	private final Map<Side, Long> refused = new HashMap<>();

	private @Nullable String fault;

	private boolean expired;

	Allowances(Violations violations, List<String> applications, Meters meters) {
		this.violations = violations;
		this.applications = applications;
		this.meters = meters;
	}

	/**
	 * Allow calls to fail from now on.
	 * @param fault the fault that explains it
	 */
	synchronized void allow(String fault) {
		check();
		this.fault = fault;
	}

	/**
	 * Allow calls to fail from now on, also since an application whose own SVID has
	 * expired neither calls nor answers. It refuses before it looks at the SVID of its
	 * peer, so that nothing is counted.
	 * @param fault the fault that explains it
	 */
	synchronized void allowAllExpired(String fault) {
		allow(fault);
		this.expired = true;
	}

	/**
	 * Allow no call to fail from now on, and check that each one that failed until now
	 * was due to a refused handshake. Does nothing if none was allowed to fail.
	 */
	synchronized void forbid() {
		if (this.fault == null) {
			return;
		}
		Map<Side, Long> risen = risen();
		this.failed.forEach((side, calls) -> {
			long handshakes = risen.getOrDefault(side, 0L);
			if (calls > handshakes && !this.expired) {
				this.violations.add("%d calls of %s failed as %s, but only %d handshakes did".formatted(calls,
						side.application(), side.kind(), handshakes));
			}
		});
		this.failed.clear();
		this.fault = null;
		this.expired = false;
	}

	/**
	 * Check that no handshake was refused while none was allowed to be. A client may try
	 * again unbeknown to its caller.
	 */
	synchronized void check() {
		if (this.fault == null) {
			risen().forEach((side, handshakes) -> {
				if (handshakes > 0) {
					this.violations
						.add("%d handshakes of %s failed as %s".formatted(handshakes, side.application(), side.kind()));
				}
			});
		}
	}

	private Map<Side, Long> risen() {
		Map<Side, Long> risen = new HashMap<>();
		for (String application : this.applications) {
			for (Kind kind : List.of(Kind.PEER_REFUSED, Kind.REFUSED_BY_PEER)) {
				Side side = new Side(application, kind);
				long count = this.meters.refused(application, kind);
				Long before = this.refused.put(side, count);
				risen.put(side, count - ((before != null) ? before : 0));
			}
		}
		return risen;
	}

	/**
	 * Judge a call that failed.
	 * @param failure the call
	 * @param connecting whether it opened a connection, so that a handshake can have
	 * failed
	 */
	synchronized void judge(Failure failure, boolean connecting) {
		if (this.fault != null && connecting && isExplained(failure.kind())) {
			this.explained.merge(this.fault, 1L, Long::sum);
			this.failed.merge(new Side(failure.application(), failure.kind()), 1L, Long::sum);
		}
		else {
			this.violations.add("A call of %s failed after %d ms: %s".formatted(failure.caller(),
					failure.time().toMillis(), failure.text()));
		}
	}

	private boolean isExplained(Kind kind) {
		return (kind == Kind.OWN_EXPIRED) ? this.expired : kind != Kind.OTHER;
	}

	/**
	 * Return how many failed calls a fault has explained.
	 * @param fault the fault
	 * @return the number
	 */
	synchronized long explained(String fault) {
		return this.explained.getOrDefault(fault, 0L);
	}

	/**
	 * Return how many failed calls were explained.
	 * @return the number
	 */
	synchronized long explained() {
		return this.explained.values().stream().mapToLong(Long::longValue).sum();
	}

	/**
	 * What the applications count.
	 */
	interface Meters {

		/**
		 * Return how many handshakes of a client were refused.
		 * @param application the application that is the client
		 * @param kind which side refused the other
		 * @return the number, which never falls
		 */
		long refused(String application, Kind kind);

	}

	private record Side(String application, Kind kind) {

	}

}
