package dev.psat.spire.tls.internal;

import java.lang.ref.WeakReference;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

import dev.psat.concurrent.internal.Time;
import dev.psat.spire.tls.ConnectionCounts;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.TlsIdentity;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of an identity, which end when the cause of their authorization
 * does. Each handshake registers its connection before it looks at the identity for the
 * last time, so that whatever changes afterwards finds the connection here.
 */
final class OpenConnections implements ConnectionCounts {

	private final ConnectionIndex connections = new ConnectionIndex();

	private final PeerReport report;

	private final Time time;

	private final ConnectionJudge judge;

	private final ConnectionWatch watch;

	private final Reauthorization reauthorization;

	private final TlsIdentity identity;

	private final ConnectionEnder.Attempts attempts;

	private final ConnectionEnder ender;

	/** Unknown until the identity has answered. */
	private @Nullable Boolean told;

	OpenConnections(TlsIdentity identity, PeerReport report, Time time, Timing timing) {
		this.identity = identity;
		this.report = report;
		this.time = time;
		this.judge = new ConnectionJudge(identity, time.clock());
		this.watch = new ConnectionWatch(this::sweep, time, timing.idle(),
				report.errors("Open connections could not be looked at. They will be in a second"));
		this.reauthorization = new Reauthorization(this.connections, identity, this::look, timing.patience(),
				report.errors("A policy could not be asked about open connections. It will be in a second"), time);
		this.attempts = new ConnectionEnder.Attempts(
				report.errors("An open connection could not be looked at. It will be in a second"));
		this.ender = new ConnectionEnder(this.connections, this.judge, report, this.attempts);
	}

	OpenConnection register(OpenConnection.Handshake handshake, Object connection, @Nullable SSLSession session,
			ConnectionEnd end) {
		OpenConnection registered = new OpenConnection(this, handshake, connection, session, end, this.time.now(),
				this.connections.dropped());
		this.connections.add(registered);
		return registered;
	}

	/**
	 * Look at the identity once more for a connection that has just been registered, and
	 * return why it must not be made: then it is forgotten, and otherwise watched.
	 */
	ConnectionJudge.@Nullable Verdict lookAgain(OpenConnection connection) {
		ConnectionJudge.Verdict verdict = this.judge.judge(connection);
		if (verdict != null) {
			forget(connection);
		}
		else {
			this.watch.expect(this.judge.lastMoment(connection));
			// one that was requested meanwhile may have passed by already
			if (this.reauthorization.concerns(connection)) {
				look();
			}
		}
		return verdict;
	}

	void forget(OpenConnection connection) {
		this.connections.forget(connection);
	}

	@Nullable OpenConnection find(SSLSession session) {
		return this.connections.find(session);
	}

	@Nullable OpenConnection find(byte[] sessionId) {
		return this.connections.find(sessionId);
	}

	boolean isDue(OpenConnection connection) {
		return this.judge.isDue(connection);
	}

	void awaitDue(OpenConnection connection) {
		this.watch.expect(retire(connection));
	}

	private Instant retire(OpenConnection connection) {
		if (connection.awaitsDue()) {
			Instant due = this.judge.retirement(connection);
			if (this.time.now().isBefore(due)) {
				return due;
			}
			connection.retire();
		}
		return Instant.MAX;
	}

	Reauthorization reauthorization() {
		return this.reauthorization;
	}

	ConnectionEnder ender() {
		return this.ender;
	}

	/**
	 * End all connections that can be ended, and have no other made, for good. Nobody
	 * would tell of what ends their causes from now on.
	 */
	void close() {
		this.judge.close();
		this.reauthorization.close();
		this.watch.close();
	}

	void look() {
		this.watch.wake();
	}

	/**
	 * Look at all connections, and end those whose cause has ended. Each is judged by
	 * what is known at its own turn, and none is spared by what becomes of another.
	 */
	private ConnectionWatch.Next sweep() {
		// or what was passed before the end would be left open, since nobody looks again
		boolean closed = this.judge.isClosed();
		boolean told = isToldOfChanges();
		this.connections.purge();
		this.connections.purgeEnded();
		Instant next = Instant.MAX;
		for (OpenConnection connection : this.connections) {
			next = earlier(next, this.attempts.of(() -> look(connection), Instant.MAX));
		}
		this.ender.finish();
		boolean failed = this.attempts.haveFailed();
		boolean left = this.ender.isAnyLeftOpen() && !closed;
		boolean soon = this.reauthorization.isAwaited() || failed || left;
		// what is left after the end is what nothing can end
		boolean open = left || (closed ? failed : !this.connections.isEmpty());
		return new ConnectionWatch.Next(next, told && !soon, open);
	}

	private Instant look(OpenConnection connection) {
		if (connection.isClosed()) {
			forget(connection);
			return Instant.MAX;
		}
		if (!connection.canEnd()) {
			return Instant.MAX;
		}
		this.attempts.of(() -> this.reauthorization.look(connection));
		ConnectionJudge.Verdict verdict = this.judge.judge(connection);
		if (verdict != null) {
			this.ender.end(connection, verdict);
		}
		return earlier(this.judge.lastMoment(connection), retire(connection));
	}

	private static Instant earlier(Instant one, Instant other) {
		return one.isBefore(other) ? one : other;
	}

	/**
	 * Return whether the identity tells of changes. It is asked until it has answered,
	 * since it may not exist yet, and never again, since it may have added the listener
	 * all the same. It does not keep these connections.
	 */
	private boolean isToldOfChanges() {
		if (this.told == null) {
			try {
				this.told = this.identity.onChange(listener(new WeakReference<>(this)));
			}
			// there is no identity yet
			catch (Throwable ex) {
				return false;
			}
		}
		return this.told;
	}

	private static Runnable listener(WeakReference<OpenConnections> reference) {
		return () -> {
			OpenConnections connections = reference.get();
			if (connections != null) {
				connections.look();
			}
		};
	}

	@Override
	public int open(Direction direction) {
		Objects.requireNonNull(direction, "'direction' must not be null");
		return this.connections.open(direction);
	}

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
	 * How long the thread lives without any connection, and how long a policy that is
	 * asked again may take to answer.
	 */
	record Timing(Duration idle, Duration patience) {

		static final Timing USUAL = new Timing(Duration.ofMinutes(1), Duration.ofMinutes(1));

	}

	/**
	 * Registers the connections of a context, each with the way in which it can be ended.
	 *
	 * @param clientEngine how an engine of a client is ended, {@code null} if nothing can
	 * @param beneath the socket over which another one is layered
	 * @param group what each connection belongs to, {@code null} if it stands for itself
	 */
	record Registrar(OpenConnections connections, boolean ends, @Nullable ConnectionEnd clientEngine,
			@Nullable Socket beneath, @Nullable ConnectionGroup group) {

		/**
		 * Register the connection of a handshake that has accepted the peer, and look at
		 * the identity once more. Return why the connection must not be made.
		 */
		ConnectionJudge.@Nullable Verdict register(OpenConnection.Handshake handshake, @Nullable Object connection,
				@Nullable SSLSession session) throws CertificateException {
			if (connection == null) {
				if (this.ends) {
					throw new CertificateException(
							"The connection could not be ended with its cause, since the library tells nothing of it");
				}
				return null;
			}
			OpenConnection registered = this.connections.register(handshake, connection, session,
					end(connection, handshake.direction()));
			boolean made = false;
			try {
				ConnectionJudge.Verdict verdict = this.connections.lookAgain(registered);
				made = verdict == null;
				if (made && this.group != null) {
					this.group.add(registered);
				}
				return verdict;
			}
			finally {
				if (!made) {
					this.connections.forget(registered);
				}
			}
		}

		private ConnectionEnd end(Object connection, Direction direction) {
			if (!this.ends) {
				return ConnectionEnd.NONE;
			}
			if (connection instanceof Socket) {
				return new SocketEnd(this.beneath, this.connections.time);
			}
			if (direction == Direction.INBOUND && connection instanceof SSLEngine) {
				return ConnectionEnd.ENGINE;
			}
			return (this.clientEngine != null) ? this.clientEngine : ConnectionEnd.NONE;
		}

	}

}
