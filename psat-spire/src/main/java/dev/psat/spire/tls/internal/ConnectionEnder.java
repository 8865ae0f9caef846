package dev.psat.spire.tls.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.spiffe.X509Svid;

/**
 * Ends connections, those whose end takes time together, and has servers close what
 * carries them, since they do not learn of the end from an engine until there is
 * something to read or to write. Only the thread that looks at the connections ends them.
 */
final class ConnectionEnder {

	/** Each takes a thread or two. */
	private static final int MOST_AT_ONCE = 256;

	private final List<BegunEnd> begun = new ArrayList<>();

	private final ConnectionIndex connections;

	private final ConnectionJudge judge;

	private final PeerReport report;

	private final Attempts attempts;

	private final Set<Predicate<Set<Object>>> closers = new CopyOnWriteArraySet<>();

	private final Attempts closings;

	ConnectionEnder(ConnectionIndex connections, ConnectionJudge judge, PeerReport report, Attempts attempts) {
		this.connections = connections;
		this.judge = judge;
		this.report = report;
		this.attempts = attempts;
		this.closings = new Attempts(
				report.errors("Connections that have ended could not be closed. They will be in a second"));
	}

	void end(OpenConnection connection, ConnectionJudge.Verdict verdict) {
		Object held = connection.get();
		if (held == null) {
			return;
		}
		// one that is being closed anyway is not worth a word
		boolean open = connection.isOpen() && verdict != ConnectionJudge.OVER;
		ConnectionEnd.Begun rest = connection.end(held, verdict.reason());
		if (rest == null) {
			ended(connection, verdict, open);
			return;
		}
		this.begun.add(new BegunEnd(connection, verdict, open, rest));
		if (this.begun.size() == MOST_AT_ONCE) {
			finish();
		}
	}

	/** Finish the ends that have begun. None waits for what becomes of another. */
	void finish() {
		List<BegunEnd> ends = List.copyOf(this.begun);
		this.begun.clear();
		ends.forEach((end) -> this.attempts.of(end.rest()::proceed));
		ends.forEach((end) -> this.attempts.of(() -> finish(end)));
	}

	private void finish(BegunEnd end) {
		try {
			end.rest().finish();
		}
		finally {
			end.connection().ended();
		}
		ended(end.connection(), end.verdict(), end.open());
	}

	private void ended(OpenConnection connection, ConnectionJudge.Verdict verdict, boolean open) {
		if (this.connections.ended(connection) && open) {
			X509Svid peer = connection.peer();
			this.report.ended(connection.direction(), verdict, (peer != null) ? peer.spiffeId() : null,
					this.judge.isDue(connection));
		}
	}

	void addCloser(Predicate<Set<Object>> closer) {
		this.closers.add(closer);
	}

	void removeCloser(Predicate<Set<Object>> closer) {
		this.closers.remove(closer);
	}

	/**
	 * Have all servers close what carries connections of clients that have ended, and
	 * return whether any of that is left.
	 */
	boolean isAnyLeftOpen() {
		Set<Object> engines = this.connections.endedEngines();
		boolean left = false;
		if (!engines.isEmpty()) {
			for (Predicate<Set<Object>> closer : this.closers) {
				left |= this.closings.of(() -> closer.test(engines), true);
			}
			this.closings.haveFailed();
		}
		return left;
	}

	/** Does one thing after another, whatever becomes of those before. */
	static final class Attempts {

		private final RepeatedError errors;

		private boolean failed;

		Attempts(RepeatedError errors) {
			this.errors = errors;
		}

		void of(Runnable attempt) {
			of(() -> {
				attempt.run();
				return true;
			}, false);
		}

		<T> T of(Supplier<T> attempt, T otherwise) {
			try {
				return attempt.get();
			}
			catch (Throwable ex) {
				this.failed = true;
				this.errors.happened(ex);
				return otherwise;
			}
		}

		/** Return whether anything has failed since the last time. */
		boolean haveFailed() {
			boolean failed = this.failed;
			this.failed = false;
			if (!failed) {
				this.errors.over();
			}
			return failed;
		}

	}

	private record BegunEnd(OpenConnection connection, ConnectionJudge.Verdict verdict, boolean open,
			ConnectionEnd.Begun rest) {

	}

}
