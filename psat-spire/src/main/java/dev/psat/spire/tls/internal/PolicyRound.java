package dev.psat.spire.tls.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Threads;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tls.TlsIdentity;
import org.jspecify.annotations.Nullable;

/**
 * One policy that is asked again about the open connections that it has authorized, on a
 * thread of its own, since it may hang for ever. What it has answered is kept by the
 * connections alone, so that a round can be begun anew after an error.
 */
final class PolicyRound {

	private final RepeatedError errors = new RepeatedError(TlsIdentity.class,
			"A policy could not be asked about open connections. It will be in a second");

	private final PeerPolicy policy;

	private final long number;

	private final Iterable<OpenConnection> connections;

	private final TlsIdentity identity;

	private final Runnable look;

	private @Nullable Thread thread;

	private boolean needed;

	private volatile long progress = System.nanoTime();

	private volatile boolean abandoned;

	private volatile boolean over;

	/**
	 * Create a round without a thread.
	 * @param policy the policy
	 * @param number the number of the reauthorization
	 * @param connections all open connections
	 * @param identity tells the own trust domain
	 * @param look has the connections looked at
	 */
	PolicyRound(PeerPolicy policy, long number, Iterable<OpenConnection> connections, TlsIdentity identity,
			Runnable look) {
		this.policy = policy;
		this.number = number;
		this.connections = connections;
		this.identity = identity;
		this.look = look;
	}

	/**
	 * Record that a connection waits for an answer, and begin, unless the thread runs.
	 */
	void request() {
		this.needed = true;
		if (!isRunning()) {
			this.thread = Threads.create("spire-policies", this::run);
			this.thread.start();
		}
	}

	/**
	 * Return whether it can be forgotten, since no connection has waited for an answer
	 * since the last time, and no thread hangs.
	 */
	boolean isIdle() {
		boolean idle = !this.needed && !isRunning();
		this.needed = false;
		return idle;
	}

	/**
	 * End the thread as soon as the policy lets it.
	 */
	void abandon() {
		this.abandoned = true;
		Thread thread = this.thread;
		if (thread != null) {
			thread.interrupt();
		}
	}

	private boolean isRunning() {
		return this.thread != null && this.thread.isAlive();
	}

	/**
	 * Return whether there will be no more answers.
	 */
	boolean isOver() {
		return this.over;
	}

	/**
	 * Return whether the next answer has taken too long. From then on, none counts, and
	 * the thread ends as soon as the policy lets it.
	 */
	boolean isOverdue(Duration patience) {
		if (System.nanoTime() - this.progress > patience.toNanos()) {
			this.abandoned = true;
		}
		return this.abandoned;
	}

	private void run() {
		try {
			Map<PolicyQuestion, PolicyAnswer> answers = new HashMap<>();
			for (OpenConnection connection : this.connections) {
				PolicyQuestion question = connection.unanswered(this.number);
				if (question != null && question.policy() == this.policy) {
					answer(connection, question, answers);
				}
			}
			this.over = true;
		}
		catch (Throwable ex) {
			this.errors.happened(ex);
		}
		finally {
			this.look.run();
		}
	}

	private void answer(OpenConnection connection, PolicyQuestion question, Map<PolicyQuestion, PolicyAnswer> answers) {
		PolicyAnswer answer = answers.get(question);
		if (answer == null && !this.abandoned) {
			this.progress = System.nanoTime();
			answer = question.ask(own(connection));
			answers.put(question, answer);
			this.progress = System.nanoTime();
		}
		if (answer == null || this.abandoned) {
			return;
		}
		connection.answered(this.number, answer.refusal());
		if (answer.refusal() != null) {
			this.look.run();
		}
	}

	private TrustDomain own(OpenConnection connection) {
		TrustDomain own = PeerVerifier.own(this.identity.snapshot());
		return (own != null) ? own : connection.presented().svid().spiffeId().trustDomain();
	}

}
