package dev.psat.token;

import java.nio.file.Path;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * Logs changes of a status: each token once, each problem once when it begins and once
 * when it is over.
 */
final class StatusLog {

	/** The algorithms that the Kubernetes API server signs with. */
	private static final Set<String> ALGORITHMS = Set.of("RS256", "ES256", "ES384", "ES512");

	private static final Log logger = LogFactory.getLog(TokenSource.class);

	private final Path path;

	private boolean warnedOfAlgorithm;

	private boolean warnedOfPod;

	StatusLog(Path path) {
		this.path = path;
	}

	/**
	 * Log a change. Changes arrive one after the other.
	 * @param before the previous status
	 * @param after the current status
	 * @param snapshot the snapshot that the current status was created from
	 */
	void changed(TokenStatus before, TokenStatus after, Snapshot snapshot) {
		HeldToken held = snapshot.held();
		if (held != null && after.generation() != before.generation()) {
			published(after, held.token());
		}
		if (after.sourceState() != before.sourceState()) {
			source(before, after, snapshot.source().problem());
		}
		if (held != null && after.tokenState() != before.tokenState()) {
			token(before.tokenState(), after, held.validity());
		}
	}

	private void published(TokenStatus status, ProjectedToken token) {
		logger.info(LogMessage.format("Token %s of generation %d from %s expires at %s", token.fingerprint(),
				status.generation(), this.path, token.expiresAt()));
		if (!ALGORITHMS.contains(token.algorithm()) && !this.warnedOfAlgorithm) {
			this.warnedOfAlgorithm = true;
			logger.warn(LogMessage.format("The token from %s is signed with %s, which Kubernetes does not use",
					this.path, Quoted.text(token.algorithm())));
		}
		if (token.claims().pod() == null && !this.warnedOfPod) {
			this.warnedOfPod = true;
			logger.warn(LogMessage.format("The token from %s is not bound to a pod: a SPIRE Server will refuse it",
					this.path));
		}
	}

	private void source(TokenStatus before, TokenStatus after, @Nullable FileProblem problem) {
		if (problem != null) {
			logger.warn(LogMessage.format("%s at %s: %s. %s", problem.state(), this.path, problem.message(),
					problem.advice()));
		}
		else if (before.sourceState() != null) {
			logger.info(LogMessage.format("The file %s is no longer %s", this.path, before.sourceState()));
		}
	}

	private void token(TokenState before, TokenStatus after, Validity validity) {
		String message = Advice.messageFor(after.tokenState(), validity);
		if (message != null) {
			logger.warn(LogMessage.format("%s at %s: %s. %s", after.tokenState(), this.path, message,
					Advice.forToken(after.tokenState())));
		}
		else if (before != TokenState.NONE) {
			logger.info(LogMessage.format("The token from %s is no longer %s", this.path, before));
		}
	}

}
