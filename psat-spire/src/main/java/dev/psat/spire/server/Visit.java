package dev.psat.spire.server;

import java.time.Duration;

import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.internal.VisitReport;

/**
 * Does everything that is due, and decides on when to visit next. A single thread visits.
 */
final class Visit {

	private final ServerDoor.Settings settings;

	private final ServerDoor.Memory memory;

	private final ServerCalls calls;

	private final Attestation attestation;

	private final AgentKeeper agents;

	private final VisitReport report;

	private final Composure composure;

	private final VisitSchedule schedule;

	private boolean visited;

	Visit(ServerDoor.Settings settings, ServerDoor.Memory memory, ServerCalls calls, Attestation attestation,
			AgentKeeper agents, VisitReport report, Composure composure) {
		this.settings = settings;
		this.memory = memory;
		this.calls = calls;
		this.attestation = attestation;
		this.agents = agents;
		this.report = report;
		this.composure = composure;
		this.schedule = new VisitSchedule(settings.time());
	}

	Duration run(boolean wanted) {
		try {
			resume();
			new VisitSteps(this.memory, this.calls, this.attestation, this.agents, wanted).take();
			this.report.succeeded();
			return this.schedule.afterSuccess(situation());
		}
		catch (VisitException ex) {
			return failed(ex);
		}
		// including undeclared exceptions, since an attestor need not be written in Java
		catch (Throwable ex) {
			return failed(this.report.unexpected(ex));
		}
		finally {
			this.memory.publication().inConflict(this.agents.conflict());
			if (this.agents.current() == null) {
				this.memory.publication().withoutAgent();
			}
		}
	}

	/** What was observed before the start does not count. */
	private void resume() {
		if (!this.visited) {
			this.visited = true;
			this.memory.bundles().forget();
			this.memory.entries().forget();
		}
	}

	private Duration failed(VisitException failure) {
		if (failure.isFor(FailureReason.CANCELLED) && this.composure.stopping().getAsBoolean()) {
			return Duration.ZERO;
		}
		this.report.failed(failure);
		if (failure.isFor(FailureReason.TOKEN_REVIEW_FAILED)) {
			this.memory.payloads().refreshToken();
		}
		return this.schedule.afterFailure(failure, situation());
	}

	Duration afterError() {
		return this.schedule.afterError(situation());
	}

	private VisitSchedule.Situation situation() {
		Agent agent = this.agents.current();
		return new VisitSchedule.Situation(this.settings.refreshInterval(), this.memory.bundles().refreshHint(),
				this.memory.entries().poll(), this.memory.svid().held(), (agent != null) ? agent.replacement() : null,
				this.agents.pause());
	}

}
