package dev.psat.spire.tls.internal;

import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;

import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tls.TlsIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Has policies asked again about open connections, without ever waiting for one: each has
 * a thread of its own, and one that does not answer in time has refused. No connection
 * asks twice: those whose handshake has asked since a reauthorization was requested are
 * left alone. The thread that looks at the connections drives it, so nothing is lost by
 * an error.
 */
final class PolicyAnswers {

	private final Reauthorizations requested = new Reauthorizations();

	private final Map<PeerPolicy, PolicyRound> rounds = new IdentityHashMap<>();

	private final Iterable<OpenConnection> connections;

	private final TlsIdentity identity;

	private final Runnable look;

	private final Duration patience;

	private boolean awaited;

	private boolean closed;

	/**
	 * Create an instance.
	 * @param connections all open connections
	 * @param identity tells the own trust domain
	 * @param look has the connections looked at
	 * @param patience how long an answer may take
	 */
	PolicyAnswers(Iterable<OpenConnection> connections, TlsIdentity identity, Runnable look, Duration patience) {
		this.connections = connections;
		this.identity = identity;
		this.look = look;
		this.patience = patience;
	}

	/**
	 * Return how often it was requested to ask again. Whoever asks a policy reads this
	 * first.
	 */
	long requested() {
		return this.requested.last();
	}

	/**
	 * Have all policies asked again.
	 */
	void request() {
		this.requested.request();
		this.look.run();
	}

	/**
	 * Have those policies asked again that decide by the lists of the application.
	 */
	void requestOfLists() {
		this.requested.requestOfLists();
		this.look.run();
	}

	/**
	 * Return what a policy has to be asked about a connection.
	 * @return the question, {@code null} if there is none
	 */
	@Nullable PolicyQuestion unanswered(OpenConnection connection) {
		PeerPolicy policy = connection.policy();
		return (policy != null) ? connection.unanswered(this.requested.of(policy)) : null;
	}

	/**
	 * Look at a connection: have its policy asked, or record that it has not answered in
	 * time.
	 */
	synchronized void look(OpenConnection connection) {
		PolicyQuestion question = unanswered(connection);
		if (question == null || this.closed) {
			return;
		}
		long requested = this.requested.of(question.policy());
		PolicyRound round = this.rounds.get(question.policy());
		if (round == null || round.isOver()) {
			round = new PolicyRound(question.policy(), requested, this.connections, this.identity, this.look);
			this.rounds.put(question.policy(), round);
		}
		if (round.isOverdue(this.patience)) {
			connection.answered(requested, "was not authorized by the application's own policy within %d seconds"
				.formatted(this.patience.toSeconds()));
			return;
		}
		this.awaited = true;
		round.request();
	}

	/**
	 * End a look at all connections.
	 * @return whether answers are awaited, for which somebody has to look again soon
	 */
	synchronized boolean areAwaited() {
		boolean awaited = this.awaited;
		this.awaited = false;
		this.rounds.values().removeIf(PolicyRound::isIdle);
		return awaited;
	}

	/**
	 * Ask no policy any more, and do not wait for one that is being asked.
	 */
	synchronized void close() {
		this.closed = true;
		this.rounds.values().forEach(PolicyRound::abandon);
		this.rounds.clear();
	}

}
