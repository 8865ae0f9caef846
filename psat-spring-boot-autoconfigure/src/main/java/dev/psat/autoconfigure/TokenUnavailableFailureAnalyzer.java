package dev.psat.autoconfigure;

import java.nio.file.Path;
import java.util.List;

import dev.psat.token.SourceState;
import dev.psat.token.TokenUnavailableException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Shows what to add to the pod. */
class TokenUnavailableFailureAnalyzer extends AbstractFailureAnalyzer<TokenUnavailableException> {

	private final Environment environment;

	TokenUnavailableFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TokenUnavailableException cause) {
		return new FailureAnalysis(describe(cause), cause.advice() + podFragment(cause), cause);
	}

	private String describe(TokenUnavailableException cause) {
		if (cause instanceof AttestationDisabledException disabled) {
			return disabled.description(this.environment);
		}
		String heading = cause.tokenState().isInForce() ? "The projected service account token cannot be used here."
				: "There is no projected service account token in force.";
		return heading + "\n\n" + cause.getMessage();
	}

	private static String podFragment(TokenUnavailableException cause) {
		Path path = cause.path();
		boolean ofVolume = cause.sourceState() == SourceState.MISSING
				|| cause.sourceState() == SourceState.WRONG_AUDIENCE;
		return (ofVolume && path != null) ? podFragment(path, cause.audiences()) : "";
	}

	private static String podFragment(Path tokenPath, List<String> audiences) {
		Path directory = tokenPath.getParent();
		if (directory == null || directory.equals(directory.getRoot()) || audiences.isEmpty()) {
			return "";
		}
		return """


				Add this to the 'spec' of the pod:

				    securityContext:
				      fsGroup: 65532
				    volumes:
				      - name: spire-token
				        projected:
				          sources:
				            - serviceAccountToken:
				                path: %s
				                audience: %s
				                expirationSeconds: 600
				    containers:
				      - name: application
				        volumeMounts:
				          - name: spire-token
				            mountPath: %s
				            readOnly: true""".formatted(tokenPath.getFileName(), audiences.get(0), directory);
	}

}
