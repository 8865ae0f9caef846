package dev.psat.spire.internal;

import java.util.HashSet;
import java.util.Set;

import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.client.FailureReason;
import org.jspecify.annotations.Nullable;

/**
 * Reports how visits end. A failure that comes and goes, for example with every other
 * server behind one name, is logged once.
 */
public final class VisitReport {

	private static final IdentityLog logger = new IdentityLog();

	private static final String LINE = "{}: {}. {}";

	private final Publication publication;

	private final String what;

	private final int convincing;

	private final RepeatedError repeatedError;

	private final Set<String> logged = new HashSet<>();

	private @Nullable String lastReason;

	private int successes;

	/**
	 * Create a report.
	 * @param convincing how many visits in a row have to succeed before a failure is
	 * considered over
	 */
	public VisitReport(Publication publication, String what, int convincing) {
		this.publication = publication;
		this.what = what;
		this.convincing = convincing;
		this.repeatedError = new RepeatedError(SpireIdentity.class, what + " continue after an unexpected error");
	}

	public void succeeded() {
		this.publication.succeeded();
		this.successes++;
		if (this.lastReason != null && this.successes >= this.convincing) {
			logger.info("{} succeed again (last failure: {})", this.what, this.lastReason);
			this.lastReason = null;
			this.logged.clear();
			this.repeatedError.over();
		}
	}

	/**
	 * Report a failure, which may be one of a visit that is still in progress.
	 */
	public void failed(VisitException failure) {
		this.publication.failed(failure);
		this.successes = 0;
		this.lastReason = failure.reason();
		if (this.logged.add(failure.reason())) {
			tell(failure);
		}
	}

	/**
	 * Log what a visit should never have thrown.
	 */
	public VisitException unexpected(Throwable ex) {
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
		if (failure.failure() == FailureReason.AGENT_BANNED) {
			logger.error(LINE, failure.reason(), failure.getMessage(), failure.advice());
		}
		else {
			logger.warn(LINE, failure.reason(), failure.getMessage(), failure.advice());
		}
	}

	/**
	 * Publishes how the last visit ended.
	 */
	public interface Publication {

		void succeeded();

		void failed(VisitException failure);

	}

}
