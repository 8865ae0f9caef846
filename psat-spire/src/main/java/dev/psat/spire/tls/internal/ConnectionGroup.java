package dev.psat.spire.tls.internal;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.psat.concurrent.internal.Time;

/** The open connections of a client that can only replace all of them together. */
public final class ConnectionGroup {

	/** Clients ask before each call. */
	private static final long PERIOD = Duration.ofMillis(250).toNanos();

	private static final int FEW = 64;

	private final Set<OpenConnection> connections = ConcurrentHashMap.newKeySet();

	private volatile int many = FEW;

	private final Time time;

	private volatile long looked;

	public ConnectionGroup(Time time) {
		this.time = time;
		this.looked = time.nanos() - PERIOD;
	}

	/**
	 * Return whether no further call should use these connections, since the cause of one
	 * is about to end. Until then, they may be used.
	 */
	public boolean isDue() {
		long now = this.time.nanos();
		if (now - this.looked < PERIOD) {
			return false;
		}
		this.looked = now;
		forgetEnded();
		return this.connections.stream().anyMatch(OpenConnection::isDue);
	}

	void add(OpenConnection connection) {
		this.connections.add(connection);
		// nobody has to ask
		if (this.connections.size() > this.many) {
			forgetEnded();
			this.many = Math.max(FEW, 2 * this.connections.size());
		}
	}

	// or the connections of others would be replaced along with them
	private void forgetEnded() {
		this.connections.removeIf((connection) -> connection.reason() != null || !connection.isOpen());
	}

}
