package dev.psat.spire.server;

import java.time.Duration;

import dev.psat.concurrent.internal.Loop;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.client.SpireClient;
import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.IdentityLog;
import dev.psat.spire.internal.LateStart;
import dev.psat.spire.internal.StateClock;
import dev.psat.spire.internal.UserAgent;
import dev.psat.spire.internal.VisitReport;

/**
 * Everything that exists between a start and a stop: connections, the agent, and the
 * thread that visits the server.
 */
final class RunningIdentity implements LateStart.Run {

	private static final IdentityLog logger = new IdentityLog();

	private final Settings settings;

	private final IdentityMemory memory;

	private final SpireClient client;

	private final AgentKeeper agents;

	private final Visit visit;

	private final Loop loop;

	private final AgentDemand demand;

	private final TokenSubscription subscription;

	private final StateClock clock;

	private volatile boolean closed;

	RunningIdentity(Settings settings, IdentityMemory memory) {
		this.settings = settings;
		this.memory = memory;
		this.client = SpireClient.builder(settings.server(), settings.trustDomain(), memory.bundles()::get)
			.userAgent(UserAgent.value())
			.attestTimeout(settings.attestTimeout())
			.clock(settings.time().clock())
			.build();
		SpirePublication publication = memory.publication();
		Composure composure = new Composure(() -> this.closed);
		VisitReport report = new VisitReport(publication, "Visits to the SPIRE Server", 2);
		this.agents = new AgentKeeper(() -> publication.snapshot().svid(), settings.time());
		if (publication.snapshot().course().verdict() == Snapshot.Verdict.BANNED) {
			this.agents.doubtBan();
		}
		Attestation attestation = new Attestation(settings, memory, this.client, this.agents, composure,
				report::failed);
		ServerCalls calls = new ServerCalls(this.client, this.agents, attestation, memory.statusPosted(), composure);
		this.visit = new Visit(settings, memory, calls, attestation, this.agents, report, composure);
		this.clock = new StateClock("psat-spire-clock", Duration.ofSeconds(1), publication::announce,
				() -> publication.snapshot().svid() != null, settings.time());
		this.loop = new Loop("psat-spire", new Visits(),
				new RepeatedError(SpireIdentity.class,
						"Visits to the SPIRE Server continue after an error that could not be reported otherwise"),
				settings.time().ofLoops());
		this.demand = new AgentDemand(this.agents::current, () -> this.agents.conflictPause(Need.CALL), this.loop::want,
				settings.time());
		this.subscription = new TokenSubscription(settings.tokenSource(), this::tokenChanged);
	}

	AgentKeeper agents() {
		return this.agents;
	}

	@Override
	public void start() {
		this.loop.start();
	}

	private Duration visit(boolean wanted) {
		this.clock.start();
		try {
			this.memory.visiting().lockInterruptibly();
			try {
				return this.closed ? Duration.ZERO : this.visit.run(wanted);
			}
			finally {
				this.memory.visiting().unlock();
			}
		}
		catch (InterruptedException ex) {
			// by close()
			return Duration.ZERO;
		}
		finally {
			this.clock.stop();
		}
	}

	void nudge() {
		this.loop.nudge();
	}

	/**
	 * A refused attestation may have been waiting for a new token.
	 */
	private void tokenChanged() {
		if (this.agents.isUnattested()) {
			nudge();
		}
	}

	AgentDemand demand() {
		return this.demand;
	}

	@Override
	public void close() {
		this.closed = true;
		try {
			this.loop.close();
			this.clock.close();
			this.agents.close();
			this.client.close();
		}
		finally {
			this.memory.stopped();
		}
	}

	@Override
	public void listen() {
		if (this.settings.allowNodeIdentity()) {
			// not before, since a log may hang
			logger.warn("This application may become the agent of its node and obtain every identity on it, since "
					+ "'spire.server.allow-node-identity' is set");
		}
		this.subscription.begin();
	}

	@Override
	public void ceaseToListen() {
		this.subscription.end();
	}

	private final class Visits implements Loop.Turns {

		@Override
		public Duration take(Loop.Cue cue) {
			return visit(cue == Loop.Cue.WANTED);
		}

		@Override
		public Duration afterError() {
			return RunningIdentity.this.visit.afterError();
		}

	}

}
