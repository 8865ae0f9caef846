package dev.psat.spire.workload;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.LateStart;
import dev.psat.spire.internal.StateClock;
import dev.psat.spire.internal.Time;
import dev.psat.spire.internal.VisitLoop;

/**
 * Everything that exists between a start and a stop: the two streams with their threads,
 * and the clock by which states change while nothing comes.
 */
final class WorkloadRun implements LateStart.Run {

	/** Who reads the status or an SVID is never late, only who waits to be told. */
	private static final Duration CLOCK_TICK = Duration.ofSeconds(5);

	/** A stop does not wait for the end of a pause. */
	private static final Duration UNTIL_STOPPED = Duration.ofHours(1);

	private final WorkloadMemory memory;

	private final Runnable stopped;

	private final WorkloadCalls calls;

	private final X509Stream x509;

	private final JwtStream jwt;

	private final VisitLoop x509Loop;

	private final VisitLoop jwtLoop;

	private final StateClock clock;

	private final CompletableFuture<Void> served = new CompletableFuture<>();

	private volatile boolean closed;

	/**
	 * Create what runs once it is started.
	 * @param settings the settings of the identity
	 * @param memory what the identity keeps
	 * @param stopped called after the end
	 */
	WorkloadRun(WorkloadSettings settings, WorkloadMemory memory, Runnable stopped) {
		this.memory = memory;
		this.stopped = stopped;
		this.calls = settings.calls().get();
		Time time = settings.time();
		Composure composure = new Composure(() -> this.closed);
		WorkloadPublication publication = memory.publication();
		SilenceReport silence = new SilenceReport(memory, time);
		this.clock = new StateClock("psat-workload-clock", CLOCK_TICK, () -> {
			publication.withdrawIfDue();
			silence.tell();
		}, () -> publication.snapshot().svid() != null);
		this.jwt = new JwtStream(this.calls, memory, time, pause(publication, time), composure);
		this.x509 = new X509Stream(this.calls, new X509Keeper(settings, memory, () -> this.closed),
				pause(publication, time), composure, this::established, this.clock::start);
		this.x509Loop = new VisitLoop("psat-workload-x509", "X.509-SVIDs are followed", (wanted) -> follow(),
				this.x509::afterError, time);
		this.jwtLoop = new VisitLoop("psat-workload-jwt", "JWT authorities are followed",
				(wanted) -> this.closed ? UNTIL_STOPPED : this.jwt.follow(), this.jwt::afterError, time);
	}

	private static StreamPause pause(WorkloadPublication publication, Time time) {
		return new StreamPause(time, () -> publication.snapshot().isInForce(time.now()));
	}

	private Duration follow() {
		return this.closed ? UNTIL_STOPPED : this.x509.follow();
	}

	private void established() {
		this.jwt.allow();
		this.jwtLoop.nudge();
	}

	WorkloadCalls calls() {
		return this.calls;
	}

	/**
	 * Record that there is an X.509-SVID.
	 */
	void serving() {
		this.served.complete(null);
	}

	/**
	 * Return a future for the X.509-SVID.
	 * @return a future that completes once there is an X.509-SVID, or never will be
	 */
	Future<Void> served() {
		return this.served;
	}

	@Override
	public void start() {
		this.x509Loop.start();
		this.jwtLoop.start();
		// an SVID from before the stop expires as well
		this.clock.start();
	}

	@Override
	public void listen() {
	}

	@Override
	public void close() {
		this.closed = true;
		this.served.complete(null);
		try {
			this.calls.close();
		}
		finally {
			stop();
		}
	}

	private void stop() {
		try {
			this.x509Loop.stop();
			this.jwtLoop.stop();
			this.clock.close();
		}
		finally {
			this.stopped.run();
			this.memory.publication().announce();
		}
	}

	@Override
	public void ceaseToListen() {
	}

}
