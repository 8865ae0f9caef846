package dev.psat.spire.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import dev.psat.concurrent.internal.Loop;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.SpireClient;
import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.IdentityLog;
import dev.psat.spire.internal.LateStart;
import dev.psat.spire.internal.ServedIdentity;
import dev.psat.spire.internal.StateClock;
import dev.psat.spire.internal.VisitReport;
import dev.psat.token.TokenListener;
import dev.psat.token.TokenSource;
import org.jspecify.annotations.Nullable;

/**
 * Everything that exists between a start and a stop: connections, the agent, and the
 * thread that visits the server.
 */
final class RunningIdentity implements LateStart.Run {

	private static final Duration PAUSE_WITHOUT_ENGINE = Duration.ofSeconds(1);

	private static final IdentityLog logger = new IdentityLog();

	private final ServerDoor.Settings settings;

	private final Supplier<ServerDoor.Memory> memory;

	private final VisitReport report;

	private final Loop loop;

	private final TokenSubscription subscription;

	private volatile @Nullable Engine engine;

	private volatile boolean closed;

	RunningIdentity(ServerDoor.Settings settings, SpirePublication publication, Supplier<ServerDoor.Memory> memory) {
		this.settings = settings;
		this.memory = memory;
		this.report = new VisitReport(publication, "Visits to the SPIRE Server", 2);
		this.loop = new Loop("psat-spire", new Visits(),
				new RepeatedError(SpireIdentity.class,
						"Visits to the SPIRE Server continue after an error that could not be reported otherwise"),
				settings.time());
		this.subscription = new TokenSubscription(settings.tokenSource(), this::tokenChanged);
	}

	/**
	 * Made by the first visit or call: to load its classes takes longer than anything
	 * else at the start, and is not up to the thread that starts.
	 */
	private Engine engine() {
		Engine engine = this.engine;
		return (engine != null) ? engine : newEngine();
	}

	private synchronized Engine newEngine() {
		Engine engine = this.engine;
		if (engine == null) {
			engine = new Engine(this.memory.get());
			this.engine = engine;
			if (this.closed) {
				// what it shares may be the next run's by now
				engine.close();
			}
		}
		return engine;
	}

	AgentKeeper agents() {
		return engine().agents;
	}

	AgentDemand demand() {
		return engine().demand;
	}

	@Nullable AuthorizedEntry entry() {
		return this.memory.get().svid().entry();
	}

	@Override
	public void start() {
		this.loop.start();
	}

	void nudge() {
		this.loop.nudge();
	}

	/** A refused attestation may have been waiting for a new token. */
	private void tokenChanged() {
		Engine engine = this.engine;
		if (engine != null && engine.agents.isUnattested()) {
			nudge();
		}
	}

	@Override
	public void close() {
		this.closed = true;
		try {
			this.loop.close();
		}
		finally {
			Engine engine = this.engine;
			if (engine != null) {
				try {
					engine.close();
				}
				finally {
					engine.memory.stopped();
				}
			}
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
			Engine engine;
			try {
				engine = engine();
			}
			// as where a jar of the application has another version
			catch (Throwable ex) {
				RunningIdentity.this.report.failed(RunningIdentity.this.report.unexpected(ex));
				return PAUSE_WITHOUT_ENGINE;
			}
			return engine.visit(cue == Loop.Cue.WANTED);
		}

		@Override
		public Duration afterError() {
			Engine engine = RunningIdentity.this.engine;
			return (engine != null) ? engine.visit.afterError() : PAUSE_WITHOUT_ENGINE;
		}

	}

	private final class Engine {

		private final ServerDoor.Memory memory;

		private final SpireClient client;

		private final AgentKeeper agents;

		private final Visit visit;

		private final AgentDemand demand;

		private final StateClock clock;

		Engine(ServerDoor.Memory memory) {
			ServerDoor.Settings settings = RunningIdentity.this.settings;
			this.memory = memory;
			this.client = SpireClient.builder(settings.server(), settings.trustDomain(), memory.bundles()::get)
				.userAgent(ServedIdentity.userAgent())
				.attestTimeout(settings.attestTimeout())
				.clock(settings.time().clock())
				.build();
			SpirePublication publication = memory.publication();
			Composure composure = new Composure(() -> RunningIdentity.this.closed);
			VisitReport report = RunningIdentity.this.report;
			this.agents = new AgentKeeper(() -> publication.snapshot().svid(), settings.time());
			if (publication.snapshot().course().verdict() == Snapshot.Verdict.BANNED) {
				this.agents.doubtBan();
			}
			Attestation attestation = new Attestation(settings, memory, this.client, this.agents, composure,
					report::failed);
			ServerCalls calls = new ServerCalls(this.client, this.agents, attestation, memory.statusPosted(),
					composure);
			this.visit = new Visit(settings, memory, calls, attestation, this.agents, report, composure);
			this.clock = new StateClock("psat-spire-clock", Duration.ofSeconds(1), publication::announce,
					() -> publication.snapshot().svid() != null, settings.time());
			this.demand = new AgentDemand(this.agents::current, () -> this.agents.conflictPause(Attestation.Need.CALL),
					RunningIdentity.this.loop::want, settings.time());
		}

		Duration visit(boolean wanted) {
			this.clock.start();
			try {
				this.memory.visiting().lockInterruptibly();
				try {
					return RunningIdentity.this.closed ? Duration.ZERO : this.visit.run(wanted);
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

		void close() {
			this.clock.close();
			this.agents.close();
			this.client.close();
		}

	}

	/**
	 * The source may be the user's and hang, so that neither begin nor end waits for the
	 * other: the one that is done last removes the listener, which is not that of any
	 * other start.
	 */
	static final class TokenSubscription {

		private final @Nullable TokenSource source;

		private final Runnable changed;

		private final TokenListener listener;

		private final AtomicBoolean addedOrOver = new AtomicBoolean();

		TokenSubscription(@Nullable TokenSource source, Runnable changed) {
			this.source = source;
			this.changed = changed;
			this.listener = (previous, current) -> changed.run();
		}

		/** No lock may be held, since this calls foreign code. */
		void begin() {
			if (this.source != null) {
				add(this.source);
				removeIfSecond(this.source);
				// the token may have changed before
				this.changed.run();
			}
		}

		/** Leaves nothing of the listener behind where that fails half way. */
		private void add(TokenSource source) {
			try {
				source.addListener(this.listener);
			}
			// including undeclared exceptions: a token source need not be written in Java
			catch (Throwable ex) {
				try {
					source.removeListener(this.listener);
				}
				catch (Throwable more) {
					ex.addSuppressed(more);
				}
				throw ex;
			}
		}

		void end() {
			if (this.source != null) {
				removeIfSecond(this.source);
			}
		}

		private void removeIfSecond(TokenSource source) {
			if (!this.addedOrOver.compareAndSet(false, true)) {
				source.removeListener(this.listener);
			}
		}

	}

}
