package dev.psat.spire.tls.internal;

import java.util.ArrayList;
import java.util.List;

import dev.psat.spiffe.X509Svid;

/**
 * Ends connections, those whose end takes time together. Only the thread that looks at
 * the connections uses it.
 */
final class ConnectionEnds {

	/** Each takes a thread or two. */
	private static final int MOST_AT_ONCE = 256;

	private final List<BegunEnd> begun = new ArrayList<>();

	private final ConnectionIndex connections;

	private final ConnectionJudge judge;

	private final PeerReport report;

	private final Attempts attempts;

	ConnectionEnds(ConnectionIndex connections, ConnectionJudge judge, PeerReport report, Attempts attempts) {
		this.connections = connections;
		this.judge = judge;
		this.report = report;
		this.attempts = attempts;
	}

	/**
	 * End a connection, or begin to.
	 */
	void end(OpenConnection connection, Ending ending) {
		Object held = connection.get();
		if (held == null) {
			return;
		}
		// one that is being closed anyway is not worth a word
		boolean open = connection.isOpen() && ending != ConnectionJudge.OVER;
		ConnectionEnd.Begun rest = connection.end(held, ending.reason());
		if (rest == null) {
			ended(connection, ending, open);
			return;
		}
		this.begun.add(new BegunEnd(connection, ending, open, rest));
		if (this.begun.size() == MOST_AT_ONCE) {
			finish();
		}
	}

	/**
	 * Finish the ends that have begun. None waits for what becomes of another.
	 */
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
		ended(end.connection(), end.ending(), end.open());
	}

	private void ended(OpenConnection connection, Ending ending, boolean open) {
		if (this.connections.ended(connection) && open) {
			X509Svid peer = connection.peer();
			this.report.ended(connection.direction(), ending, (peer != null) ? peer.spiffeId() : null,
					this.judge.isDue(connection));
		}
	}

	/**
	 * An end that has begun.
	 *
	 * @param connection the connection
	 * @param ending why it ends
	 * @param open whether it was open
	 * @param rest what remains to be done
	 */
	private record BegunEnd(OpenConnection connection, Ending ending, boolean open, ConnectionEnd.Begun rest) {

	}

}
