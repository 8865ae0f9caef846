package dev.psat.spire.workload;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.psat.concurrent.internal.Loop;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.LateStart;
import dev.psat.spire.internal.StateClock;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.workload.client.WorkloadClient;
import dev.psat.spire.workload.client.WorkloadJwtSvid;
import dev.psat.spire.workload.client.WorkloadX509Update;

/**
 * Everything that exists between a start and a stop: the two streams with their threads,
 * and the clock by which states change while nothing comes.
 */
final class WorkloadRun implements LateStart.Run {

	/** Who reads the status or an SVID is never late, only who waits to be told. */
	private static final Duration CLOCK_TICK = Duration.ofSeconds(5);

	private final WorkloadDoor.Memory memory;

	private final Calls calls;

	private final HeldStream<WorkloadX509Update> x509;

	private final HeldStream<Map<TrustDomain, TrustBundle>> jwt;

	private final Loop x509Loop;

	private final Loop jwtLoop;

	private final StateClock clock;

	private volatile boolean closed;

	WorkloadRun(WorkloadDoor.Settings settings, WorkloadDoor.Memory memory) {
		this.memory = memory;
		this.calls = settings.calls().get();
		Time time = settings.time();
		Composure composure = new Composure(() -> this.closed);
		WorkloadPublication publication = memory.publication();
		SilenceReport silence = new SilenceReport(memory, time);
		this.clock = new StateClock("psat-workload-clock", CLOCK_TICK, () -> {
			publication.withdrawIfDue();
			silence.tell();
		}, () -> publication.snapshot().svid() != null, time);
		this.x509 = new HeldStream<>(this.calls::followX509, new X509Keeper(settings, memory, () -> this.closed),
				pause(publication, time), composure, this::established, this.clock::start);
		this.jwt = new HeldStream<>(this.calls::followJwtAuthorities, new JwtKeeper(memory, time, () -> this.closed),
				pause(publication, time), composure, () -> {
				}, () -> {
				});
		this.x509Loop = loop("psat-workload-x509", "X.509-SVIDs are followed", this.x509, time);
		this.jwtLoop = loop("psat-workload-jwt", "JWT authorities are followed", this.jwt, time);
	}

	private static HeldStream.StreamPause pause(WorkloadPublication publication, Time time) {
		return new HeldStream.StreamPause(time, () -> publication.snapshot().isInForce(time.now()));
	}

	private static Loop loop(String name, String what, Loop.Turns stream, Time time) {
		return new Loop(name, stream,
				new RepeatedError(SpireIdentity.class, what + " after an error that could not be reported otherwise"),
				time);
	}

	/** JWT authorities are worth nothing without an X.509-SVID. */
	private void established() {
		this.jwtLoop.start();
		this.jwtLoop.nudge();
	}

	Calls calls() {
		return this.calls;
	}

	@Override
	public void start() {
		this.x509Loop.start();
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
			this.x509Loop.close();
			this.jwtLoop.close();
			this.clock.close();
		}
		finally {
			this.memory.publication().announce();
		}
	}

	@Override
	public void ceaseToListen() {
	}

	/**
	 * Tells once that an X.509-SVID should have been replaced, which no message and no
	 * failure does. Belongs to the thread of the clock.
	 */
	static final class SilenceReport {

		private final WorkloadDoor.Memory memory;

		private final Time time;

		private long told;

		SilenceReport(WorkloadDoor.Memory memory, Time time) {
			this.memory = memory;
			this.time = time;
		}

		void tell() {
			WorkloadSnapshot snapshot = this.memory.publication().snapshot();
			HeldSvid svid = snapshot.svid();
			VisitException silence = snapshot.silence(this.time.now());
			if (svid != null && silence != null && svid.generation() != this.told) {
				this.told = svid.generation();
				this.memory.outcomes().renewed(silence);
				this.memory.publication().warn("{}: {}. {}", silence.reason(), silence.getMessage(), silence.advice());
			}
		}

	}

	interface Calls extends AutoCloseable {

		void followX509(Consumer<WorkloadX509Update> listener);

		void followJwtAuthorities(Consumer<Map<TrustDomain, TrustBundle>> listener);

		List<WorkloadJwtSvid> jwtSvids(Collection<String> audience, SpiffeId spiffeId, Duration timeout);

		@Override
		void close();

		static Calls of(WorkloadClient client) {
			return new Calls() {

				@Override
				public void followX509(Consumer<WorkloadX509Update> listener) {
					client.followX509(listener);
				}

				@Override
				public void followJwtAuthorities(Consumer<Map<TrustDomain, TrustBundle>> listener) {
					client.followJwtAuthorities(listener);
				}

				@Override
				public List<WorkloadJwtSvid> jwtSvids(Collection<String> audience, SpiffeId spiffeId,
						Duration timeout) {
					return client.jwtSvids(audience, spiffeId, timeout);
				}

				@Override
				public void close() {
					client.close();
				}

			};
		}

	}

}
