package dev.psat.spire.tls.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

import javax.net.ssl.SSLSession;

import dev.psat.concurrent.internal.RepeatedError;
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

	private static final Ending OVER = new Ending(EndCause.IDENTITY,
			"There is no X.509-SVID to be connected with: The application has been stopped");

	/** Each takes a thread or two. */
	private static final int MOST_AT_ONCE = 256;

	private final ConnectionIndex connections = new ConnectionIndex();

	private final TlsIdentity identity;

	private final ConnectionJudge judge;

	private final PeerReport report;

	private final Clock clock;

	private final ConnectionWatch watch;

	private final Reauthorization reauthorization;

	private final ConnectionClosers closers;

	private final FirstDue firstDue = new FirstDue();

	private final IdentityChanges changes;

	private final Timing timing;

	private final RepeatedError errors;

	/** Touched by the thread of the watch alone. */
	private final List<BegunEnd> begun = new ArrayList<>();

	private volatile boolean closed;

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
		this.timing = timing;
		this.changes = new IdentityChanges(identity);
		this.errors = report.errors("An open connection could not be looked at. It will be in a second");
		this.closers = new ConnectionClosers(
				report.errors("Connections that have ended could not be closed. They will be in a second"));
		this.watch = new ConnectionWatch(this::sweep, clock, timing.idle(),
				report.errors("Open connections could not be looked at. They will be in a second"));
		this.reauthorization = new Reauthorization(this.connections, identity, this::look, timing.patience());
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
				this.connections.dropped());
		this.connections.add(registered);
		return registered;
	}

	/**
	 * Return the connection of a session.
	 * @param session the session of an engine or socket whose handshake is over
	 * @return the connection, which may have been ended, {@code null} if it is none of
	 * these
	 */
	@Nullable OpenConnection find(SSLSession session) {
		return this.connections.find(session);
	}

	/**
	 * Return the connection of a client by the ID of its session.
	 * @param sessionId the ID
	 * @return the connection, which may have been ended, {@code null} if it is none of
	 * these
	 */
	@Nullable OpenConnection find(byte[] sessionId) {
		return this.connections.find(sessionId);
	}

	/**
	 * Look at the identity once more for a connection that has just been registered.
	 * @param connection the connection
	 * @return why it must not be made, {@code null} if it may. It is forgotten in the
	 * first case, and watched in the second
	 */
	@Nullable Ending lookAgain(OpenConnection connection) {
		Ending ending = decide(connection);
		if (ending != null) {
			forget(connection);
		}
		else {
			this.watch.expect(due(connection));
			expectDue(connection);
			// one that was requested meanwhile may have passed by already
			if (this.reauthorization.concerns(connection)) {
				look();
			}
		}
		return ending;
	}

	/**
	 * Forget a connection that is not made, or closed.
	 */
	void forget(OpenConnection connection) {
		this.connections.forget(connection);
	}

	boolean isDue(OpenConnection connection) {
		return !this.clock.instant().isBefore(retirement(connection));
	}

	/**
	 * Return whether the connection of any client is due. One that is closed counts until
	 * that is noticed.
	 */
	boolean isAnyClientDue() {
		return !this.clock.instant().isBefore(this.firstDue.get());
	}

	/**
	 * Return whether a connection of any client has ended that somebody may still use.
	 */
	boolean isAnyClientEnded() {
		return this.connections.isAnyClientEnded();
	}

	/**
	 * Return the servers that close what has ended.
	 */
	ConnectionClosers closers() {
		return this.closers;
	}

	private void expectDue(OpenConnection connection) {
		if (connection.direction() == Direction.INBOUND) {
			this.firstDue.expect(retirement(connection));
		}
	}

	/**
	 * Tell a connection once it is due.
	 */
	void awaitDue(OpenConnection connection) {
		this.watch.expect(retire(connection));
	}

	/**
	 * Tell a connection that it is due, if it is and waits for that.
	 * @return when to look again
	 */
	private Instant retire(OpenConnection connection) {
		if (connection.awaitsDue()) {
			Instant due = retirement(connection);
			if (this.clock.instant().isBefore(due)) {
				return due;
			}
			connection.retire();
		}
		return Instant.MAX;
	}

	private Instant retirement(OpenConnection connection) {
		return connection.canEnd() ? Retirement.due(connection, this.identity.snapshot().svid()) : Instant.MAX;
	}

	/**
	 * Have all policies asked again about the open connections.
	 */
	void reauthorize() {
		this.reauthorization.request();
	}

	/**
	 * Have those policies asked again that decide by the lists of the application.
	 */
	void reauthorizeByLists() {
		this.reauthorization.requestOfLists();
	}

	/**
	 * Return how often that was requested. A handshake reads it before it asks its
	 * policy.
	 */
	long reauthorizations() {
		return this.reauthorization.requested();
	}

	/**
	 * End all connections that can be ended, and have no other made, for good. Nobody
	 * would tell of what ends their causes from now on.
	 */
	void close() {
		this.closed = true;
		this.reauthorization.close();
		this.watch.close();
	}

	/**
	 * Have all connections looked at.
	 */
	void look() {
		this.watch.wake();
	}

	/**
	 * Look at all connections, and end those whose cause has ended. Each is judged by
	 * what is known at its own turn, and none is spared by what becomes of another.
	 * @return when to look again
	 */
	private ConnectionWatch.Next sweep() {
		boolean told = this.changes.areTold(this);
		this.connections.purge();
		this.connections.purgeEnded();
		this.firstDue.begin();
		Instant next = Instant.MAX;
		Throwable failure = null;
		for (OpenConnection connection : this.connections) {
			try {
				Instant due = look(connection);
				next = due.isBefore(next) ? due : next;
			}
			catch (Throwable ex) {
				failure = ex;
			}
			if (this.begun.size() == MOST_AT_ONCE) {
				failure = firstOf(finishEnds(), failure);
			}
		}
		failure = firstOf(finishEnds(), failure);
		if (failure != null) {
			this.errors.happened(failure);
		}
		else {
			this.firstDue.complete();
			this.errors.over();
		}
		boolean left = closeEnded() && !this.closed;
		boolean soon = this.reauthorization.isAwaited() || failure != null || left;
		// what is left after the end is what nothing can end
		boolean open = left || (this.closed ? failure != null : !this.connections.isEmpty());
		return new ConnectionWatch.Next(next, told && !soon, open);
	}

	private boolean closeEnded() {
		Set<Object> engines = this.connections.endedEngines();
		return !engines.isEmpty() && this.closers.closeEnded(engines);
	}

	private static @Nullable Throwable firstOf(@Nullable Throwable one, @Nullable Throwable other) {
		return (one != null) ? one : other;
	}

	private Instant look(OpenConnection connection) {
		if (connection.isClosed()) {
			this.connections.forget(connection);
			return Instant.MAX;
		}
		if (!connection.canEnd()) {
			return Instant.MAX;
		}
		try {
			this.reauthorization.look(connection);
		}
		// whatever becomes of the question
		finally {
			endIfGuilty(connection);
		}
		expectDue(connection);
		return earlier(due(connection), retire(connection));
	}

	private void endIfGuilty(OpenConnection connection) {
		Ending ending = judge(connection);
		if (ending == null) {
			return;
		}
		// one that is being closed anyway is not worth a word
		boolean open = connection.isOpen() && !this.closed;
		ConnectionEnd.Begun begun = connection.beginEnd(ending.reason());
		if (begun != null) {
			this.begun.add(new BegunEnd(connection, ending, open, begun));
		}
		else if (connection.end(ending.reason())) {
			ended(connection, ending, open);
		}
	}

	private void ended(OpenConnection connection, Ending ending, boolean open) {
		if (this.connections.ended(connection) && open) {
			X509Svid peer = connection.peer();
			this.report.ended(connection.direction(), ending, (peer != null) ? peer.spiffeId() : null,
					isDue(connection));
		}
	}

	/**
	 * Finish the ends that have begun. None waits for what becomes of another.
	 * @return what has failed last, {@code null} if nothing has
	 */
	private @Nullable Throwable finishEnds() {
		List<BegunEnd> ends = List.copyOf(this.begun);
		this.begun.clear();
		Throwable failure = null;
		for (BegunEnd end : ends) {
			try {
				end.begun().proceed();
			}
			catch (Throwable ex) {
				failure = ex;
			}
		}
		for (BegunEnd end : ends) {
			try {
				if (end.begun().finish()) {
					ended(end.connection(), end.ending(), end.open());
				}
			}
			catch (Throwable ex) {
				failure = ex;
			}
		}
		return failure;
	}

	/**
	 * Judge a connection. That there is no memory for it proves nothing, unless it lasts.
	 */
	private @Nullable Ending judge(OpenConnection connection) {
		try {
			Ending ending = decide(connection);
			connection.looked(false);
			return ending;
		}
		catch (VirtualMachineError ex) {
			if (connection.looked(true) < this.timing.patience().toNanos()) {
				throw ex;
			}
			return new Ending(EndCause.UNTRUSTED, "The peer could not be verified for %d seconds: %s"
				.formatted(this.timing.patience().toSeconds(), ex.getClass().getName()));
		}
	}

	private @Nullable Ending decide(OpenConnection connection) {
		return this.closed ? OVER : this.judge.judge(connection);
	}

	/**
	 * Return when time ends the cause of a connection, if nothing else does before.
	 */
	private Instant due(OpenConnection connection) {
		KeyedSvid svid = this.identity.snapshot().svid();
		Instant own = (svid != null) ? OwnSvid.lastMoment(svid, connection.peer()) : Instant.MAX;
		PeerVerifier.Vouching vouching = connection.vouching();
		Instant peers = (vouching != null) ? vouching.path().validUntil() : Instant.MAX;
		return earlier(own, peers);
	}

	private static Instant earlier(Instant one, Instant other) {
		return one.isBefore(other) ? one : other;
	}

	@Override
	public int open(Direction direction) {
		Objects.requireNonNull(direction, "'direction' must not be null");
		return this.connections.open(direction);
	}

	/**
	 * Visit all connections that are open, some of which nothing can end.
	 */
	void forEachOpen(Consumer<OpenConnection> visitor) {
		for (OpenConnection connection : this.connections) {
			if (connection.isOpen()) {
				visitor.accept(connection);
			}
		}
	}

	@Override
	public long ended(Direction direction, EndCause cause) {
		Objects.requireNonNull(direction, "'direction' must not be null");
		Objects.requireNonNull(cause, "'cause' must not be null");
		return this.report.ended(direction, cause);
	}

	/**
	 * An end that has begun.
	 *
	 * @param connection the connection
	 * @param ending why it ends
	 * @param open whether it was open
	 * @param begun what remains to be done
	 */
	private record BegunEnd(OpenConnection connection, Ending ending, boolean open, ConnectionEnd.Begun begun) {

	}

	/**
	 * For how long something is waited.
	 *
	 * @param idle how long the thread lives without any connection
	 * @param patience how long a policy that is asked again may take to answer, and how
	 * long a connection goes on that cannot be judged
	 */
	record Timing(Duration idle, Duration patience) {

		static final Timing USUAL = new Timing(Duration.ofMinutes(1), Duration.ofMinutes(1));

	}

}
