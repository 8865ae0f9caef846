package dev.psat.spire.workload;

import java.time.Duration;
import java.util.Map;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.LateStart;
import dev.psat.spire.internal.StateClock;
import dev.psat.spire.internal.Time;
import dev.psat.spire.internal.VisitLoop;
import dev.psat.spire.workload.client.WorkloadX509Update;

/**
 * Everything that exists between a start and a stop: the two streams with their threads,
 * and the clock by which states change while nothing comes.
 */
final class WorkloadRun implements LateStart.Run {

	/** Who reads the status or an SVID is never late, only who waits to be told. */
	private static final Duration CLOCK_TICK = Duration.ofSeconds(5);

	/** Until the loop is stopped, or woken since there is an X.509-SVID. */
	private static final Duration UNTIL_WOKEN = Duration.ofHours(1);

	private final WorkloadMemory memory;

	private final WorkloadCalls calls;

	private final HeldStream<WorkloadX509Update> x509;

	private final HeldStream<Map<TrustDomain, TrustBundle>> jwt;

	private final VisitLoop x509Loop;

	private final VisitLoop jwtLoop;

	private final StateClock clock;

	private volatile boolean established;

	private volatile boolean closed;

	WorkloadRun(WorkloadSettings settings, WorkloadMemory memory) {
		this.memory = memory;
		this.calls = settings.calls().get();
		Time time = settings.time();
		Composure composure = new Composure(() -> this.closed);
		WorkloadPublication publication = memory.publication();
		SilenceReport silence = new SilenceReport(memory, time);
		this.clock = new StateClock("psat-workload-clock", CLOCK_TICK, () -> {
			publication.withdrawIfDue();
			silence.tell();
		}, () -> publication.snapshot().svid() != null);
		this.x509 = new HeldStream<>(this.calls::followX509, new X509Keeper(settings, memory, () -> this.closed),
				pause(publication, time), composure, this::established, this.clock::start);
		this.jwt = new HeldStream<>(this.calls::followJwtAuthorities, new JwtKeeper(memory, time, () -> this.closed),
				pause(publication, time), composure, () -> {
				}, () -> {
				});
		this.x509Loop = new VisitLoop("psat-workload-x509", "X.509-SVIDs are followed",
				(wanted) -> this.closed ? UNTIL_WOKEN : this.x509.follow(), this.x509::afterError, time);
		this.jwtLoop = new VisitLoop("psat-workload-jwt", "JWT authorities are followed",
				(wanted) -> (this.closed || !this.established) ? UNTIL_WOKEN : this.jwt.follow(), this.jwt::afterError,
				time);
	}

	private static StreamPause pause(WorkloadPublication publication, Time time) {
		return new StreamPause(time, () -> publication.snapshot().isInForce(time.now()));
	}

	/**
	 * Begin the stream of JWT authorities, which are worth nothing without an X.509-SVID.
	 */
	private void established() {
		this.established = true;
		this.jwtLoop.nudge();
	}

	WorkloadCalls calls() {
		return this.calls;
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
			this.memory.publication().announce();
		}
	}

	@Override
	public void ceaseToListen() {
	}

}
