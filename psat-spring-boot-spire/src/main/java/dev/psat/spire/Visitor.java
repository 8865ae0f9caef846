package dev.psat.spire;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
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

	/** As many visits have to succeed in a row until nothing is said to fail any more. */
	private static final int CONVINCING_SUCCESSES = 2;

	private final Visit visit;

	private final VisitSchedule schedule;

	private final SpirePublication publication;

	private final AgentKeeper agents;

	private final @Nullable TokenSource tokenSource;

	private final BooleanSupplier stopping;

	private final Mishap mishap = new Mishap(SpireIdentity.class,
			"The visits to the SPIRE Server go on after an unexpected error");

	private final Set<String> told = new HashSet<>();

	private @Nullable String lastReason;

	private int successes;

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
			succeeded();
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
					"The visit ended with " + ex.getClass().getName(), "Check the log and report this as a bug."));
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
		this.successes = 0;
		this.lastReason = failure.reason();
		if (this.told.add(failure.reason())) {
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
				// the message of a source of the application's own could hold a token
				logger.debug(LogMessage.format("The token source could not be refreshed: %s", ex.getClass().getName()));
			}
		}
	}

	/**
	 * What comes and goes, with every other server behind one name for example, is told
	 * once.
	 */
	private void succeeded() {
		this.successes++;
		if (this.lastReason != null && this.successes >= CONVINCING_SUCCESSES) {
			logger.info(
					LogMessage.format("Visits to the SPIRE Server succeed again (last failure: %s)", this.lastReason));
			this.lastReason = null;
			this.told.clear();
			this.mishap.over();
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
