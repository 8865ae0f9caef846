package dev.psat.spire.tls.internal;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLSession;

import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.ConnectionCounts;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of an identity, which end when the cause of their authorization
 * does. Each handshake registers its connection before it looks at the identity for the
 * last time, so that whatever changes afterwards finds the connection here.
 */
final class OpenConnections implements ConnectionCounts {

	private final Set<OpenConnection> connections = ConcurrentHashMap.newKeySet();

	private final Map<SessionKey, OpenConnection> bySession = new ConcurrentHashMap<>();

	private final ReferenceQueue<Object> dropped = new ReferenceQueue<>();

	private final TlsIdentity identity;

	private final ConnectionJudge judge;

	private final PeerReport report;

	private final Clock clock;

	private final ConnectionWatch watch;

	private final PolicyAnswers answers;

	private volatile boolean told;

	/**
	 * Create an instance without connections.
	 * @param identity the identity, always the current one
	 * @param report counts and logs what is ended
	 * @param clock the clock
	 * @param timing for how long something is waited
	 */
	OpenConnections(TlsIdentity identity, PeerReport report, Clock clock, Timing timing) {
		this.identity = identity;
		this.judge = new ConnectionJudge(identity, clock);
		this.report = report;
		this.clock = clock;
		this.watch = new ConnectionWatch(this::sweep, clock, timing.idle());
		this.answers = new PolicyAnswers(this.connections, identity, this::look, timing.patience());
	}

	/**
	 * Register a connection before its handshake is over.
	 * @param handshake what the handshake has found
	 * @param connection the engine or socket
	 * @param session the session that is being negotiated, {@code null} if it is unknown
	 * @param end how the connection is ended
	 * @return the connection
	 */
	OpenConnection register(OpenConnection.Handshake handshake, Object connection, @Nullable SSLSession session,
			ConnectionEnd end) {
		OpenConnection registered = new OpenConnection(this, handshake, connection, session, end, this.clock.instant(),
				this.dropped);
		this.connections.add(registered);
		if (registered.session() != null) {
			this.bySession.put(registered.session(), registered);
		}
		return registered;
	}

	/**
	 * Return the connection of a session.
	 * @param session the session of an engine or socket whose handshake is over
	 * @return the connection, {@code null} if it is not open, or none of these
	 */
	@Nullable OpenConnection find(SSLSession session) {
		return this.bySession.get(new SessionKey(session));
	}

	/**
	 * Look at the identity once more for a connection that has just been registered.
	 * @param connection the connection
	 * @return why it must not be made, {@code null} if it may. It is forgotten in the
	 * first case, and watched in the second
	 */
	@Nullable Ending lookAgain(OpenConnection connection) {
		Ending ending = this.judge.judge(connection);
		if (ending != null) {
			forget(connection);
		}
		else {
			this.watch.expect(due(connection));
			// one that was requested meanwhile may have passed by already
			if (connection.unanswered(reauthorizations()) != null) {
				look();
			}
		}
		return ending;
	}

	/**
	 * Forget a connection.
	 * @return whether it was known
	 */
	private boolean forget(OpenConnection connection) {
		if (connection.session() != null) {
			this.bySession.remove(connection.session());
		}
		return this.connections.remove(connection);
	}

	boolean isDue(OpenConnection connection) {
		return connection.canEnd()
				&& Retirement.isDue(connection, this.identity.snapshot().svid(), this.clock.instant());
	}

	/**
	 * Have all policies asked again about the open connections.
	 */
	void reauthorize() {
		this.answers.request();
	}

	/**
	 * Return how often that was requested. A handshake reads it before it asks its
	 * policy.
	 */
	long reauthorizations() {
		return this.answers.requested();
	}

	/**
	 * Have all connections looked at.
	 */
	void look() {
		this.watch.wake();
	}

	/**
	 * Look at all connections, and end those whose cause has ended. Each is judged by
	 * what is known at its own turn.
	 * @return when to look again
	 */
	private ConnectionWatch.Next sweep() {
		boolean told = isToldOfChanges();
		purge();
		Instant next = Instant.MAX;
		for (OpenConnection connection : this.connections) {
			if (connection.isClosed()) {
				forget(connection);
			}
			else if (connection.canEnd()) {
				this.answers.look(connection);
				end(connection, this.judge.judge(connection));
				Instant due = due(connection);
				next = due.isBefore(next) ? due : next;
			}
		}
		boolean awaited = this.answers.areAwaited();
		return new ConnectionWatch.Next(next, told && !awaited, this.connections.isEmpty());
	}

	private void end(OpenConnection connection, @Nullable Ending ending) {
		// forgotten afterwards, so that whoever does not find it finds it ended
		if (ending != null && connection.end(ending.reason()) && forget(connection)) {
			X509Svid peer = connection.peer();
			this.report.ended(connection.direction(), ending, (peer != null) ? peer.spiffeId() : null);
		}
	}

	private void purge() {
		for (Reference<?> gone = this.dropped.poll(); gone != null; gone = this.dropped.poll()) {
			forget((OpenConnection) gone);
		}
	}

	/**
	 * Return when time ends the cause of a connection, if nothing else does before.
	 */
	private Instant due(OpenConnection connection) {
		KeyedSvid svid = this.identity.snapshot().svid();
		Instant own = (svid != null) ? OwnSvid.lastMoment(svid) : Instant.MAX;
		PeerVerifier.Vouching vouching = connection.vouching();
		Instant peers = (vouching != null) ? vouching.path().validUntil() : Instant.MAX;
		return own.isBefore(peers) ? own : peers;
	}

	/**
	 * Return whether the identity tells of changes. It is asked until it does, since it
	 * may not exist yet, and must not keep what it has outlived.
	 */
	private boolean isToldOfChanges() {
		if (!this.told) {
			WeakReference<OpenConnections> listener = new WeakReference<>(this);
			try {
				this.told = this.identity.onChange(() -> {
					OpenConnections connections = listener.get();
					if (connections != null) {
						connections.look();
					}
				});
			}
			catch (RuntimeException ex) {
				// there is no identity yet
			}
		}
		return this.told;
	}

	@Override
	public int open(Direction direction) {
		Objects.requireNonNull(direction, "'direction' must not be null");
		return (int) this.connections.stream()
			.filter((connection) -> connection.direction() == direction && !connection.isClosed())
			.count();
	}

	@Override
	public long ended(Direction direction, EndCause cause) {
		Objects.requireNonNull(direction, "'direction' must not be null");
		Objects.requireNonNull(cause, "'cause' must not be null");
		return this.report.ended(direction, cause);
	}

	/**
	 * For how long something is waited.
	 *
	 * @param idle how long the thread lives without any connection
	 * @param patience how long a policy that is asked again may take to answer
	 */
	record Timing(Duration idle, Duration patience) {

		static final Timing USUAL = new Timing(Duration.ofMinutes(1), Duration.ofMinutes(1));

	}

}
