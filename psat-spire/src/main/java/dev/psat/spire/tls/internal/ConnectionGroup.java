package dev.psat.spire.tls.internal;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open connections of a client that can only replace all of them together.
 *
 * @since 0.1.0
 */
public final class ConnectionGroup {

	/** Clients ask before each call. */
	private static final long PERIOD = Duration.ofMillis(250).toNanos();

	private static final int FEW = 64;

	private final Set<OpenConnection> connections = ConcurrentHashMap.newKeySet();

	private volatile int many = FEW;

	private volatile long looked = System.nanoTime() - PERIOD;

	/**
	 * Create a group without connections.
	 */
	public ConnectionGroup() {
	}

	/**
	 * Return whether no further call should use these connections, since the cause of one
	 * is about to end. Until then, they may be used.
	 * @return whether others should take their place
	 * @see OpenConnection#isDue()
	 */
	public boolean isDue() {
		long now = System.nanoTime();
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

	/**
	 * Forget connections that nobody could use any more, so that those of others are not
	 * replaced along with them.
	 */
	private void forgetEnded() {
		this.connections.removeIf((connection) -> connection.reason() != null || !connection.isOpen());
	}

}
