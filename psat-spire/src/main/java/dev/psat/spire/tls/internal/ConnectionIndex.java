package dev.psat.spire.tls.internal;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLSession;

import dev.psat.spire.tls.Direction;
import org.jspecify.annotations.Nullable;

/**
 * The open connections, and the sessions by which others find them. A connection that was
 * ended is found for as long as something holds its session, since whoever is still to
 * learn of its end may ask late.
 */
final class ConnectionIndex implements Iterable<OpenConnection> {

	private final Set<OpenConnection> connections = ConcurrentHashMap.newKeySet();

	private final Map<SessionKey, OpenConnection> bySession = new ConcurrentHashMap<>();

	/** Those of clients, since that is all that some servers tell. */
	private final Map<ByteBuffer, OpenConnection> bySessionId = new ConcurrentHashMap<>();

	/** Of clients. */
	private final Set<OpenConnection> ended = ConcurrentHashMap.newKeySet();

	private final ReferenceQueue<Object> dropped = new ReferenceQueue<>();

	/**
	 * Return where a connection is put once nothing holds its engine or socket any more.
	 */
	ReferenceQueue<Object> dropped() {
		return this.dropped;
	}

	void add(OpenConnection connection) {
		purge();
		this.connections.add(connection);
		SessionKey session = connection.session();
		if (session != null) {
			// or the key of the earlier one would stay, and outlive its session
			this.bySession.remove(session);
			this.bySession.put(session, connection);
		}
		ByteBuffer sessionId = connection.sessionId();
		if (sessionId != null) {
			this.bySessionId.put(sessionId, connection);
		}
	}

	@Nullable OpenConnection find(SSLSession session) {
		return this.bySession.get(new SessionKey(session));
	}

	@Nullable OpenConnection find(byte[] sessionId) {
		return this.bySessionId.get(ByteBuffer.wrap(sessionId));
	}

	/**
	 * Remove a connection that was ended, which is still found.
	 */
	boolean ended(OpenConnection connection) {
		if (connection.direction() == Direction.INBOUND) {
			this.ended.add(connection);
		}
		return this.connections.remove(connection);
	}

	/**
	 * Return the engines of clients' connections that were ended, by their identity.
	 */
	Set<Object> endedEngines() {
		Set<Object> engines = Collections.newSetFromMap(new IdentityHashMap<>());
		for (OpenConnection connection : this.ended) {
			Object engine = connection.get();
			if (engine != null) {
				engines.add(engine);
			}
		}
		return engines;
	}

	void forget(OpenConnection connection) {
		this.connections.remove(connection);
		this.ended.remove(connection);
		if (connection.session() != null) {
			this.bySession.remove(connection.session(), connection);
		}
		if (connection.sessionId() != null) {
			this.bySessionId.remove(connection.sessionId(), connection);
		}
	}

	/**
	 * Forget the connections that nothing holds any more.
	 */
	void purge() {
		for (Reference<?> gone = this.dropped.poll(); gone != null; gone = this.dropped.poll()) {
			OpenConnection connection = (OpenConnection) gone;
			if (!this.ended.contains(connection)) {
				forget(connection);
			}
		}
	}

	/**
	 * Forget the connections that were ended and nobody can ask for any more.
	 */
	void purgeEnded() {
		for (OpenConnection connection : this.ended) {
			if (connection.isGone()) {
				forget(connection);
			}
		}
	}

	boolean isEmpty() {
		return this.connections.isEmpty();
	}

	int open(Direction direction) {
		int open = 0;
		for (OpenConnection connection : this.connections) {
			open += (connection.direction() == direction && connection.isOpen()) ? 1 : 0;
		}
		return open;
	}

	@Override
	public Iterator<OpenConnection> iterator() {
		return this.connections.iterator();
	}

}
