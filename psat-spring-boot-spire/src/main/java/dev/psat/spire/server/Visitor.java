package dev.psat.spire.server;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.psat.concurrent.RepeatedError;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.VisitException;
import dev.psat.token.TokenSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * Visits the server, reports the result, and determines when to visit again.
 */
final class Visitor {

	private static final Log logger = LogFactory.getLog(SpireIdentity.class);

	/** How many visits in a row have to succeed before a failure is considered over. */
	private static final int CONVINCING_SUCCESSES = 2;

	private final Visit visit;

	private final VisitSchedule schedule;

	private final Supplier<VisitSchedule.Situation> situation;

	private final SpirePublication publication;

	private final AgentKeeper agents;

	private final @Nullable TokenSource tokenSource;

	private final BooleanSupplier stopping;

	private final RepeatedError repeatedError = new RepeatedError(SpireIdentity.class,
			"Visits to the SPIRE Server continue after an unexpected error");

	private final Set<String> logged = new HashSet<>();

	private @Nullable String lastReason;

	private int successes;

	Visitor(Visit visit, VisitSchedule schedule, Supplier<VisitSchedule.Situation> situation,
			SpirePublication publication, AgentKeeper agents, @Nullable TokenSource tokenSource,
			BooleanSupplier stopping) {
		this.visit = visit;
		this.schedule = schedule;
		this.situation = situation;
		this.publication = publication;
		this.agents = agents;
		this.tokenSource = tokenSource;
		this.stopping = stopping;
	}

	/**
	 * Visit the server.
	 * @param wanted whether a caller waits for an agent
	 * @return how long to wait until the next visit
	 */
	Duration visit(boolean wanted) {
		try {
			this.visit.run(wanted);
			succeeded();
			this.publication.succeeded();
			return this.schedule.afterSuccess(this.situation.get());
		}
		catch (VisitException ex) {
			return failed(ex);
		}
		// including undeclared exceptions, since an attestor need not be written in Java
		catch (Throwable ex) {
			this.repeatedError.happened(ex);
			return failed(unexpected(ex));
		}
		finally {
			this.publication.contested(this.agents.conflict());
			if (this.agents.current() == null) {
				this.publication.withoutAgent();
			}
		}
	}

	private Duration failed(VisitException failure) {
		if (failure.failure() == FailureReason.CANCELLED && this.stopping.getAsBoolean()) {
			return Duration.ZERO;
		}
		report(failure);
		if (failure.failure() == FailureReason.TOKEN_REVIEW_FAILED) {
			refreshToken();
		}
		return this.schedule.afterFailure(failure, this.situation.get());
	}

	/**
	 * Report a failure, which may be one of a visit that is still in progress.
	 * @param failure the failure
	 */
	void report(VisitException failure) {
		this.publication.failed(failure);
		this.successes = 0;
		this.lastReason = failure.reason();
		if (this.logged.add(failure.reason())) {
			tell(failure);
		}
	}

	private static VisitException unexpected(Throwable ex) {
		if (ex instanceof LinkageError error) {
			return new VisitException(VisitException.OwnReason.UNEXPECTED, UnfitClass.of(error).toString(),
					"Another version of that jar, or of one that it needs, was expected: check what manages the "
							+ "versions of the application's dependencies.");
		}
		return new VisitException(VisitException.OwnReason.UNEXPECTED,
				"The visit ended with " + ex.getClass().getName(), "Check the log and report this as a bug.");
	}

	/**
	 * Check for a newer token, whose event may not have arrived yet. If there is one, the
	 * source reports it, and the next visit follows at once.
	 */
	private void refreshToken() {
		if (this.tokenSource != null) {
			try {
				this.tokenSource.refresh();
			}
			catch (Throwable ex) {
				// the message of a custom source could contain a token
				logger.debug(LogMessage.format("The token source could not be refreshed: %s", ex.getClass().getName()));
			}
		}
	}

	/**
	 * Record a success. A failure that comes and goes, for example with every other
	 * server behind one name, is logged once.
	 */
	private void succeeded() {
		this.successes++;
		if (this.lastReason != null && this.successes >= CONVINCING_SUCCESSES) {
			logger.info(
					LogMessage.format("Visits to the SPIRE Server succeed again (last failure: %s)", this.lastReason));
			this.lastReason = null;
			this.logged.clear();
			this.repeatedError.over();
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
