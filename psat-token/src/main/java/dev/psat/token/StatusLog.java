package dev.psat.token;

import java.nio.file.Path;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs each token once, each problem once when it begins and once when it is over. */
final class StatusLog {

	/** The algorithms that the Kubernetes API server signs with. */
	private static final Set<String> ALGORITHMS = Set.of("RS256", "ES256", "ES384", "ES512");

	private static final Logger logger = LoggerFactory.getLogger(TokenSource.class);

	private final Path path;

	private boolean warnedOfAlgorithm;

	private boolean warnedOfPod;

	StatusLog(Path path) {
		this.path = path;
	}

	void changed(TokenStatus before, TokenStatus after, Snapshot snapshot) {
		HeldToken held = snapshot.held();
		if (held != null && Snapshot.generation(after) != Snapshot.generation(before)) {
			published(before, after, held.token());
		}
		if (after.sourceState() != before.sourceState()) {
			source(before, after, snapshot.source().problem());
		}
		if (held != null && after.tokenState() != before.tokenState()) {
			token(before.tokenState(), after, held.validity());
		}
	}

	private void published(TokenStatus before, TokenStatus after, ProjectedToken token) {
		String line = "Token {} of generation {} from {} expires at {}";
		if (Snapshot.generation(before) == 0) {
			logger.info(line, token.fingerprint(), Snapshot.generation(after), this.path, token.expiresAt());
		}
		else {
			logger.debug(line, token.fingerprint(), Snapshot.generation(after), this.path, token.expiresAt());
		}
		if (!ALGORITHMS.contains(token.algorithm()) && !this.warnedOfAlgorithm) {
			this.warnedOfAlgorithm = true;
			logger.warn("The token from {} is signed with {}, which Kubernetes does not use", this.path,
					Quoted.text(token.algorithm()));
		}
		if (token.claims().pod() == null && !this.warnedOfPod) {
			this.warnedOfPod = true;
			logger.warn("The token from {} is not bound to a pod: a SPIRE Server will refuse it", this.path);
		}
	}

	private void source(TokenStatus before, TokenStatus after, @Nullable FileProblem problem) {
		if (problem != null) {
			logger.warn("{} at {}: {}. {}", problem.state(), this.path, problem.message(), problem.advice());
		}
		else if (before.sourceState() != null) {
			logger.info("The file {} is no longer {}", this.path, before.sourceState());
		}
	}

	private void token(TokenState before, TokenStatus after, Validity validity) {
		String message = validity.message(after.tokenState());
		if (message != null) {
			logger.warn("{} at {}: {}. {}", after.tokenState(), this.path, message,
					Validity.advice(after.tokenState()));
		}
		else if (before != TokenState.NONE) {
			logger.info("The token from {} is no longer {}", this.path, before);
		}
	}

}
