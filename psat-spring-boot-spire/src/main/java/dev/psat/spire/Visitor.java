package dev.psat.spire;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import dev.psat.concurrent.Mishap;
import dev.psat.spire.client.FailureReason;
import dev.psat.token.TokenSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * Visits the server, tells what came of it, and says when to come again.
 */
final class Visitor {

	private static final Log logger = LogFactory.getLog(SpireIdentity.class);

	private final Visit visit;

	private final VisitSchedule schedule;

	private final SpirePublication publication;

	private final AgentKeeper agents;

	private final @Nullable TokenSource tokenSource;

	private final BooleanSupplier stopping;

	private final Mishap mishap = new Mishap(SpireIdentity.class,
			"The visits to the SPIRE Server go on after an unexpected error");

	private @Nullable String lastReason;

	Visitor(Visit visit, VisitSchedule schedule, SpirePublication publication, AgentKeeper agents,
			@Nullable TokenSource tokenSource, BooleanSupplier stopping) {
		this.visit = visit;
		this.schedule = schedule;
		this.publication = publication;
		this.agents = agents;
		this.tokenSource = tokenSource;
		this.stopping = stopping;
	}

	/**
	 * Visit the server.
	 * @param wanted whether somebody waits for an agent
	 * @return how long to wait until the next visit
	 */
	Duration visit(boolean wanted) {
		try {
			this.visit.run(wanted);
			tellThatItIsOver();
			this.mishap.over();
			this.publication.succeeded();
			return this.schedule.afterSuccess();
		}
		catch (VisitException ex) {
			return failed(ex);
		}
		// also what nobody declared: an attestor need not be written in Java
		catch (Throwable ex) {
			this.mishap.happened(ex);
			return failed(new VisitException(VisitException.OwnReason.UNEXPECTED,
					"The visit ended with " + ex.getClass().getName(), "Look at the log, and tell us."));
		}
		finally {
			this.publication.contested(this.agents.contest());
			if (this.agents.current() == null) {
				this.publication.withoutAgent();
			}
		}
	}

	private Duration failed(VisitException failure) {
		if (failure.failure() == FailureReason.CANCELLED && this.stopping.getAsBoolean()) {
			return Duration.ZERO;
		}
		this.publication.failed(failure);
		if (!failure.reason().equals(this.lastReason)) {
			this.lastReason = failure.reason();
			tell(failure);
		}
		if (failure.failure() == FailureReason.TOKEN_REVIEW_FAILED) {
			refreshToken();
		}
		return this.schedule.afterFailure(failure);
	}

	/**
	 * A newer token may be there, of which no event came yet. If so, the source tells,
	 * and the next visit follows at once.
	 */
	private void refreshToken() {
		if (this.tokenSource != null) {
			try {
				this.tokenSource.refresh();
			}
			catch (Throwable ex) {
				// of a source of the application's own, whose message could hold a token.
				// It
				// is asked again after the next refusal
				logger.debug(LogMessage.format("The token source could not be refreshed: %s", ex.getClass().getName()));
			}
		}
	}

	private void tellThatItIsOver() {
		String reason = this.lastReason;
		if (reason != null) {
			this.lastReason = null;
			logger.info(LogMessage.format("%s is over", reason));
		}
	}

	private void tell(VisitException failure) {
		LogMessage message = LogMessage.format("%s: %s. %s", failure.reason(), failure.getMessage(), failure.advice());
		if (failure.failure() == FailureReason.AGENT_BANNED) {
			logger.error(message);
		}
		else {
			logger.warn(message);
		}
	}

}
