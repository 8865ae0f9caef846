package dev.psat.spire.tls.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Threads;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tls.TlsIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Has policies asked again about open connections, without ever waiting for one: each has
 * a thread of its own, and one that does not answer in time has refused. No connection
 * asks twice: those whose handshake has asked since a reauthorization was requested are
 * left alone. The thread that looks at the connections drives it, and what a policy has
 * answered is kept by the connections, so that a round can be begun anew.
 */
final class Reauthorization {

	private final AtomicLong last = new AtomicLong();

	private final AtomicLong lastOfAll = new AtomicLong();

	private final Map<PeerPolicy, Round> rounds = new IdentityHashMap<>();

	private final Iterable<OpenConnection> connections;

	private final TlsIdentity identity;

	private final Runnable look;

	private final Duration patience;

	private final RepeatedError errors;

	private final Time time;

	private boolean awaited;

	private boolean closed;

	Reauthorization(Iterable<OpenConnection> connections, TlsIdentity identity, Runnable look, Duration patience,
			RepeatedError errors, Time time) {
		this.connections = connections;
		this.identity = identity;
		this.look = look;
		this.patience = patience;
		this.errors = errors;
		this.time = time;
	}

	/** Return how often it was requested to ask again. Read before a policy is asked. */
	long requested() {
		return this.last.get();
	}

	// a change of the lists of the application concerns no other policy
	private long requested(PeerPolicy policy) {
		return (policy instanceof DryRunPolicy) ? this.last.get() : this.lastOfAll.get();
	}

	void request() {
		this.lastOfAll.accumulateAndGet(this.last.incrementAndGet(), Math::max);
		this.look.run();
	}

	void requestOfLists() {
		this.last.incrementAndGet();
		this.look.run();
	}

	boolean concerns(OpenConnection connection) {
		PeerPolicy policy = connection.policy();
		return policy != null && connection.isUnanswered(requested(policy));
	}

	synchronized void look(OpenConnection connection) {
		PeerPolicy policy = connection.policy();
		if (policy == null || this.closed) {
			return;
		}
		long requested = requested(policy);
		if (connection.isUnanswered(requested)) {
			Round round = round(policy, requested);
			if (round.isOverdue()) {
				connection.answered(requested, "was not authorized by the application's own policy within %d seconds"
					.formatted(this.patience.toSeconds()));
				return;
			}
			this.awaited = true;
			round.goOn();
		}
	}

	private Round round(PeerPolicy policy, long requested) {
		Round round = this.rounds.get(policy);
		if (round == null || round.over) {
			round = new Round(policy, requested);
			this.rounds.put(policy, round);
		}
		return round;
	}

	/**
	 * End a look at all connections, and return whether answers are awaited, for which it
	 * has to be repeated soon.
	 */
	synchronized boolean isAwaited() {
		boolean awaited = this.awaited;
		this.awaited = false;
		this.rounds.values().removeIf(Round::isDone);
		return awaited;
	}

	synchronized void close() {
		this.closed = true;
		this.rounds.values().forEach(Round::abandon);
		this.rounds.clear();
	}

	private final class Round {

		private final PeerPolicy policy;

		private final long number;

		private @Nullable Thread thread;

		private boolean needed;

		private volatile long progress = Reauthorization.this.time.nanos();

		private volatile boolean abandoned;

		private volatile boolean over;

		Round(PeerPolicy policy, long number) {
			this.policy = policy;
			this.number = number;
		}

		// again if an error has ended the thread, or there was none
		void goOn() {
			this.needed = true;
			if (!isRunning() && !this.over) {
				this.thread = Threads.create("spire-policies", this::run);
				Reauthorization.this.time.start(this.thread);
			}
		}

		private boolean isRunning() {
			return this.thread != null && this.thread.isAlive();
		}

		/**
		 * Return whether it is over, or no connection has waited for an answer since the
		 * last time, and no thread hangs.
		 */
		boolean isDone() {
			boolean done = this.over || (!this.needed && !isRunning());
			this.needed = false;
			return done;
		}

		/**
		 * Return whether the next answer has taken too long. From then on, none counts,
		 * and the thread ends as soon as the policy lets it.
		 */
		boolean isOverdue() {
			if (Reauthorization.this.time.nanos() - this.progress > Reauthorization.this.patience.toNanos()) {
				this.abandoned = true;
			}
			return this.abandoned;
		}

		void abandon() {
			this.abandoned = true;
			if (this.thread != null) {
				this.thread.interrupt();
			}
		}

		private void run() {
			try {
				Map<Question, PeerPolicies.Answer> answers = new HashMap<>();
				for (OpenConnection connection : Reauthorization.this.connections) {
					if (connection.policy() == this.policy && connection.isUnanswered(this.number)) {
						answer(connection, answers);
					}
				}
				this.over = true;
				Reauthorization.this.errors.over();
				Reauthorization.this.look.run();
			}
			catch (Throwable ex) {
				Reauthorization.this.errors.happened(ex);
			}
		}

		private void answer(OpenConnection connection, Map<Question, PeerPolicies.Answer> answers) {
			SpiffeId peer = Objects.requireNonNull(connection.peer()).spiffeId();
			Question question = new Question(connection.direction(), peer);
			PeerPolicies.Answer answer = answers.get(question);
			if (answer == null && !this.abandoned) {
				this.progress = Reauthorization.this.time.nanos();
				answer = Objects.requireNonNull(connection.policies())
					.ask(connection.direction(), peer, own(connection));
				answers.put(question, answer);
				this.progress = Reauthorization.this.time.nanos();
			}
			if (answer == null || this.abandoned) {
				return;
			}
			connection.answered(this.number, answer.refusal());
			if (answer.refusal() != null) {
				Reauthorization.this.look.run();
			}
		}

		private TrustDomain own(OpenConnection connection) {
			TrustDomain own = PeerVerifier.own(Reauthorization.this.identity.snapshot());
			return (own != null) ? own : connection.presented().svid().spiffeId().trustDomain();
		}

	}

	private record Question(Direction direction, SpiffeId peer) {

	}

}
