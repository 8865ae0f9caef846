package dev.psat.spire.tls.internal;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tls.TlsIdentity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection whose handshake has accepted the peer, for as long as something else holds
 * its engine or socket.
 */
public final class OpenConnection extends WeakReference<Object> {

	private static final Logger logger = LoggerFactory.getLogger(TlsIdentity.class);

	private final OpenConnections connections;

	private final Handshake handshake;

	private final ConnectionIndex.@Nullable SessionKey session;

	private final @Nullable ByteBuffer sessionId;

	private final ConnectionEnd end;

	private final Instant begun;

	private final OnceTask atDue = new OnceTask();

	private final OnceTask atEnd = new OnceTask();

	private final AtomicReference<State> state;

	OpenConnection(OpenConnections connections, Handshake handshake, Object connection, @Nullable SSLSession session,
			ConnectionEnd end, Instant begun, ReferenceQueue<Object> queue) {
		super(connection, queue);
		this.session = (session != null) ? new ConnectionIndex.SessionKey(session) : null;
		this.sessionId = (this.session != null && handshake.direction() == Direction.INBOUND) ? this.session.id()
				: null;
		this.connections = connections;
		this.handshake = handshake;
		this.end = end;
		this.begun = begun;
		this.state = new AtomicReference<>(
				new State(handshake.vouching(), handshake.authorization(), null, null, false));
	}

	public Standing standing() {
		if (reason() != null) {
			return Standing.ENDED;
		}
		return this.connections.isDue(this) ? Standing.DUE : Standing.GOOD;
	}

	/**
	 * Return whether no further call should use this connection, since its cause is about
	 * to end, or has ended. Before it has, it may be used.
	 */
	public boolean isDue() {
		return standing() != Standing.GOOD;
	}

	/**
	 * Have a task run once this connection {@link #isDue() is due}, or now if it is. It
	 * takes the place of an earlier one, and must neither block nor hold the engine or
	 * socket.
	 */
	public void atDue(Runnable task) {
		this.atDue.set(task);
		this.connections.awaitDue(this);
	}

	/**
	 * Have a task run once this connection has been ended, or now if it has, like
	 * {@link #atDue}.
	 */
	public void atEnd(Runnable task) {
		this.atEnd.set(task);
	}

	/** Tell that this connection is closed, which its engine may not know. */
	public void closed() {
		// or else the end that has closed it might not be counted
		if (reason() == null) {
			this.connections.forget(this);
		}
	}

	/**
	 * Tell that the user of this connection is about to close it, which its engine may
	 * never learn. It does not count as open any more, and ends with its cause all the
	 * same.
	 */
	public void left() {
		this.state.updateAndGet(State::left);
	}

	public @Nullable String reason() {
		return this.state.get().reason();
	}

	/**
	 * End this connection, or begin to. If that fails, the task runs all the same, and
	 * ending it once more is worth an attempt.
	 */
	ConnectionEnd.@Nullable Begun end(Object held, String reason) {
		this.state.updateAndGet((state) -> state.endedFor(reason));
		ConnectionEnd.Begun begun = null;
		try {
			begun = this.end.end(held, reason);
			return begun;
		}
		finally {
			if (begun == null) {
				ended();
			}
		}
	}

	void ended() {
		this.atEnd.run();
	}

	boolean awaitsDue() {
		return this.atDue.isPending();
	}

	void retire() {
		this.atDue.run();
	}

	boolean canEnd() {
		return this.end != ConnectionEnd.NONE;
	}

	boolean isClosed() {
		Object connection = get();
		try {
			return connection == null || this.end.isClosed(connection);
		}
		// an engine or socket of another library
		catch (RuntimeException ex) {
			return false;
		}
	}

	boolean isGone() {
		return get() == null && (this.session == null || this.session.get() == null);
	}

	/** Return whether this application may still write, and means to. */
	boolean isOpen() {
		if (this.state.get().isLeft()) {
			return false;
		}
		try {
			return (get() instanceof SSLEngine engine) ? !engine.isOutboundDone() : !isClosed();
		}
		// an engine of another library
		catch (RuntimeException ex) {
			return true;
		}
	}

	ConnectionIndex.@Nullable SessionKey session() {
		return this.session;
	}

	@Nullable ByteBuffer sessionId() {
		return this.sessionId;
	}

	Direction direction() {
		return this.handshake.direction();
	}

	@Nullable X509Svid peer() {
		return this.handshake.peer();
	}

	KeyedSvid presented() {
		return this.handshake.presented();
	}

	boolean hasBegunTainted() {
		PeerVerifier.Vouching first = this.handshake.vouching();
		return first != null && first.path().authority().tainted();
	}

	Instant begun() {
		return this.begun;
	}

	PeerVerifier.@Nullable Vouching vouching() {
		return this.state.get().vouching();
	}

	void vouchedForBy(PeerVerifier.Vouching vouching) {
		this.state.updateAndGet((state) -> state.by(vouching));
	}

	@Nullable String refusal() {
		return this.state.get().refusal();
	}

	@Nullable PeerPolicy policy() {
		PeerPolicies policies = this.handshake.policies();
		return (policies != null) ? policies.policy(this.handshake.direction()) : null;
	}

	@Nullable PeerPolicies policies() {
		return this.handshake.policies();
	}

	/**
	 * Return whether the policy has not been asked since a reauthorization was requested.
	 */
	boolean isUnanswered(long number) {
		State state = this.state.get();
		return state.authorization() < number && state.refusal() == null && canEnd() && peer() != null
				&& policies() != null;
	}

	// a refusal stands
	void answered(long number, @Nullable String refusal) {
		this.state.updateAndGet((state) -> state.answered(number, refusal));
	}

	public enum Standing {

		/** It may. */
		GOOD,

		/** It may, but should use another one, since this one is about to end. */
		DUE,

		/** It must not, since the connection has ended. */
		ENDED

	}

	/**
	 * What is known of a connection at one moment.
	 *
	 * @param authorization the number of the last reauthorization that was answered
	 */
	private record State(PeerVerifier.@Nullable Vouching vouching, long authorization, @Nullable String refusal,
			@Nullable String reason, boolean isLeft) {

		State by(PeerVerifier.Vouching vouching) {
			return new State(vouching, this.authorization, this.refusal, this.reason, this.isLeft);
		}

		State answered(long number, @Nullable String refusal) {
			return new State(this.vouching, number, (refusal != null) ? refusal : this.refusal, this.reason,
					this.isLeft);
		}

		State endedFor(String reason) {
			return new State(this.vouching, this.authorization, this.refusal, reason, this.isLeft);
		}

		State left() {
			return new State(this.vouching, this.authorization, this.refusal, this.reason, true);
		}

	}

	/**
	 * What a handshake has found. For a server with a classic certificate, there is
	 * neither a peer, nor what vouches for it, nor policies.
	 *
	 * @param authorization how many reauthorizations had been requested before the policy
	 * was asked
	 */
	record Handshake(Direction direction, @Nullable X509Svid peer, PeerVerifier.@Nullable Vouching vouching,
			@Nullable PeerPolicies policies, long authorization, KeyedSvid presented) {

		static Handshake withServer(KeyedSvid presented) {
			return new Handshake(Direction.OUTBOUND, null, null, null, 0, presented);
		}

	}

	/**
	 * A task that runs once something has happened, and only once. One that fails hinders
	 * nobody else.
	 */
	private static final class OnceTask {

		private static final Runnable HAPPENED = () -> {
		};

		private final AtomicReference<@Nullable Runnable> task = new AtomicReference<>();

		void set(Runnable task) {
			Objects.requireNonNull(task, "'task' must not be null");
			if (this.task.getAndUpdate((current) -> (current != HAPPENED) ? task : current) == HAPPENED) {
				task.run();
			}
		}

		boolean isPending() {
			Runnable task = this.task.get();
			return task != null && task != HAPPENED;
		}

		void run() {
			Runnable task = this.task.getAndSet(HAPPENED);
			if (task == null) {
				return;
			}
			try {
				task.run();
			}
			// an error of the task says nothing of the connection, which is counted
			catch (Throwable ex) {
				logger.debug("A connection could not be taken out of use", ex);
			}
		}

	}

}
