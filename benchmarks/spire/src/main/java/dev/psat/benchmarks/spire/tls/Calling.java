package dev.psat.benchmarks.spire.tls;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A caller that calls the same URI without a pause.
 */
final class Calling {

	private final List<Probe> probes = Collections.synchronizedList(new ArrayList<>());

	private final Caller caller;

	private final URI uri;

	private final Repetition repetition;

	Calling(Caller caller, URI uri) {
		this.caller = caller;
		this.uri = uri;
		this.repetition = Repetition.start("tls-caller " + uri.getPath(),
				uri.getPath().equals(Cell.KEPT) ? () -> this.caller.call(this.uri) : this::probe);
	}

	/**
	 * The handshake begins later than the call.
	 */
	private Probe probe() throws Exception {
		long begun = System.nanoTime();
		Probe probe = new Probe(begun, new BigInteger(this.caller.call(this.uri)));
		this.probes.add(probe);
		return probe;
	}

	long answered() {
		return this.repetition.successes();
	}

	List<Throwable> failures() {
		return this.repetition.failures();
	}

	/**
	 * Return which certificates of the client the server saw in calls that made a
	 * connection each.
	 * @return the calls that were answered
	 */
	List<Probe> probes() {
		return List.copyOf(this.probes);
	}

	void stop() {
		this.repetition.stop();
	}

	void close(Duration patience) throws Exception {
		try {
			this.repetition.awaitEnd(patience);
		}
		finally {
			this.caller.close();
		}
	}

}
