package dev.psat.spire.tls.internal;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
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
 * The open connections, and the sessions by which others find them. One that was ended is
 * found for as long as something holds its session, since its user may ask late.
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

	boolean ended(OpenConnection connection) {
		if (connection.direction() == Direction.INBOUND) {
			this.ended.add(connection);
		}
		return this.connections.remove(connection);
	}

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

	// what nothing holds any more
	void purge() {
		for (Reference<?> gone = this.dropped.poll(); gone != null; gone = this.dropped.poll()) {
			OpenConnection connection = (OpenConnection) gone;
			if (!this.ended.contains(connection)) {
				forget(connection);
			}
		}
	}

	// what nobody can ask for any more
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

	/**
	 * A session as a key: the very same instance, which the JDK has both during the
	 * handshake and afterwards. A value of the session would be simpler, but lets a
	 * server of the JDK remember sessions that it was told to forget.
	 */
	static final class SessionKey extends WeakReference<SSLSession> {

		private final int hash;

		SessionKey(SSLSession session) {
			super(session);
			this.hash = System.identityHashCode(session);
		}

		/**
		 * Return the ID of the session, {@code null} if it identifies nothing. Each is
		 * new where the JDK serves, since no session is resumed, but a server may give
		 * all of its clients an empty one.
		 */
		@Nullable ByteBuffer id() {
			SSLSession session = get();
			byte[] id = (session != null) ? session.getId() : new byte[0];
			return (id.length != 0) ? ByteBuffer.wrap(id) : null;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			if (this == other) {
				return true;
			}
			SSLSession session = get();
			return session != null && other instanceof SessionKey key && key.get() == session;
		}

		@Override
		public int hashCode() {
			return this.hash;
		}

	}

}
