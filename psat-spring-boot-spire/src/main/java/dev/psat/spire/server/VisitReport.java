package dev.psat.spire.server;

import java.util.HashSet;
import java.util.Set;

import dev.psat.concurrent.RepeatedError;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.VisitException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * Reports how visits end. A failure that comes and goes, for example with every other
 * server behind one name, is logged once.
 */
final class VisitReport {

	private static final Log logger = LogFactory.getLog(SpireIdentity.class);

	/** How many visits in a row have to succeed before a failure is considered over. */
	private static final int CONVINCING_SUCCESSES = 2;

	private final SpirePublication publication;

	private final RepeatedError repeatedError = new RepeatedError(SpireIdentity.class,
			"Visits to the SPIRE Server continue after an unexpected error");

	private final Set<String> logged = new HashSet<>();

	private @Nullable String lastReason;

	private int successes;

	VisitReport(SpirePublication publication) {
		this.publication = publication;
	}

	void succeeded() {
		this.successes++;
		if (this.lastReason != null && this.successes >= CONVINCING_SUCCESSES) {
			logger.info(
					LogMessage.format("Visits to the SPIRE Server succeed again (last failure: %s)", this.lastReason));
			this.lastReason = null;
			this.logged.clear();
			this.repeatedError.over();
		}
		this.publication.succeeded();
	}

	/**
	 * Report a failure, which may be one of a visit that is still in progress.
	 * @param failure the failure
	 */
	void failed(VisitException failure) {
		this.publication.failed(failure);
		this.successes = 0;
		this.lastReason = failure.reason();
		if (this.logged.add(failure.reason())) {
			tell(failure);
		}
	}

	/**
	 * Log what a visit should never have thrown.
	 * @param ex what it has thrown
	 * @return the failure to report
	 */
	VisitException unexpected(Throwable ex) {
		this.repeatedError.happened(ex);
		if (ex instanceof LinkageError error) {
			return new VisitException(VisitException.OwnReason.UNEXPECTED, UnfitClass.of(error).toString(),
					"Another version of that jar, or of one that it needs, was expected: check what manages the "
							+ "versions of the application's dependencies.");
		}
		return new VisitException(VisitException.OwnReason.UNEXPECTED,
				"The visit ended with " + ex.getClass().getName(), "Check the log and report this as a bug.");
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
