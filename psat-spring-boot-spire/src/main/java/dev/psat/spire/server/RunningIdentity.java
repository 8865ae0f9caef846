package dev.psat.spire.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.client.SpireClient;
import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.VisitException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Everything that exists between a start and a stop: connections, the agent, and the
 * thread that visits the server.
 */
final class RunningIdentity implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(SpireIdentity.class);

	private final boolean allowNodeIdentity;

	private final SpireClient client;

	private final AgentKeeper agents;

	private final TrustBundleKeeper bundles;

	private final EntryKeeper entries;

	private final Visitor visitor;

	private final Lock visiting;

	private final VisitLoop loop;

	private final AgentDemand demand;

	private final TokenSubscription subscription;

	private final StateClock clock;

	private final CompletableFuture<Void> served = new CompletableFuture<>();

	private volatile boolean closed;

	private boolean visited;

	/**
	 * Create what runs once it is started.
	 * @param settings the settings of the identity
	 * @param payloads obtains payloads
	 * @param bundles keeps the trust bundle
	 * @param entries chooses the entry
	 * @param renewal keeps the X.509-SVID
	 * @param outcomes is notified of outcomes
	 * @param publication publishes the status
	 * @param statusPosted whether the status was posted to the server
	 * @param visiting held during a visit, and guards all of the above: a visit of the
	 * previous one may still hang in an observer
	 */
	RunningIdentity(Settings settings, Payloads payloads, TrustBundleKeeper bundles, EntryKeeper entries,
			SvidRenewal renewal, Outcomes outcomes, SpirePublication publication, AtomicBoolean statusPosted,
			Lock visiting) {
		this.allowNodeIdentity = settings.allowNodeIdentity();
		this.client = SpireClient.builder(settings.server(), settings.trustDomain(), bundles::get)
			.userAgent(UserAgent.value())
			.attestTimeout(settings.attestTimeout())
			.clock(settings.time().clock())
			.build();
		Composure composure = new Composure(() -> this.closed);
		Attestation attestation = new Attestation(payloads, this.client, settings.server(),
				new IdentityGuard(settings.allowNodeIdentity()), settings.keyType(), outcomes, composure, this::silent,
				settings.time());
		this.agents = new AgentKeeper(attestation::attest, () -> publication.snapshot().svid(), settings.time());
		Visit visit = new Visit(bundles, new TrustBundleRefresh(this.client, bundles, outcomes, composure), this.agents,
				entries, renewal, outcomes, publication, statusPosted, composure);
		VisitSchedule schedule = new VisitSchedule(settings.time());
		Supplier<VisitSchedule.Situation> situation = () -> new VisitSchedule.Situation(settings.refreshInterval(),
				bundles.refreshHint(), entries.poll(), renewal.held(), this.agents.pause());
		this.bundles = bundles;
		this.entries = entries;
		this.visitor = new Visitor(visit, schedule, situation, publication, this.agents, settings.tokenSource(),
				() -> this.closed);
		this.visiting = visiting;
		this.clock = new StateClock(publication);
		this.loop = new VisitLoop(this::visit, () -> schedule.afterError(situation.get()), settings.time());
		this.demand = new AgentDemand(this.agents::current, () -> this.agents.conflictPause(Visit.Need.CALL),
				this.loop::want, settings.time());
		this.subscription = new TokenSubscription(settings.tokenSource(), this::tokenChanged);
	}

	AgentKeeper agents() {
		return this.agents;
	}

	void start() {
		if (this.allowNodeIdentity) {
			logger.warn("This application may become the agent of its node and obtain every identity on it, since "
					+ "'spire.psat.server.allow-node-identity' is set");
		}
		this.loop.start();
	}

	private Duration visit(boolean wanted) {
		this.clock.start();
		try {
			this.visiting.lockInterruptibly();
			try {
				return this.closed ? Duration.ZERO : visitAlone(wanted);
			}
			finally {
				this.visiting.unlock();
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

	private Duration visitAlone(boolean wanted) {
		if (!this.visited) {
			this.visited = true;
			this.bundles.forget();
			this.entries.forget();
		}
		return this.visitor.visit(wanted);
	}

	private void silent(VisitException silence) {
		this.visitor.report(silence);
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

	/**
	 * Return the subscription to the token source, which neither begins nor ends by
	 * itself.
	 */
	TokenSubscription subscription() {
		return this.subscription;
	}

	AgentDemand demand() {
		return this.demand;
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
	public void close() {
		this.closed = true;
		this.served.complete(null);
		this.loop.stop();
		this.clock.close();
		this.agents.close();
		this.client.close();
	}

}
