package dev.psat.autoconfigure;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

import dev.psat.token.SourceState;
import dev.psat.token.TokenUnavailableException;

/**
 * Analyzes a {@link TokenUnavailableException}: says what to add to the pod.
 */
class TokenUnavailableFailureAnalyzer extends AbstractFailureAnalyzer<TokenUnavailableException> {

	private final Environment environment;

	TokenUnavailableFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TokenUnavailableException cause) {
		PsatProperties properties = Binder.get(this.environment).bindOrCreate("spire.psat", PsatProperties.class);
		String action = cause.advice();
		if (isOfVolume(cause.sourceState()) && String.valueOf(cause.getMessage()).contains(properties.getTokenPath())) {
			action += podFragment(Path.of(properties.getTokenPath()), properties.getAudience());
		}
		return new FailureAnalysis(
				"There is no projected service account token in force.\n\n%s".formatted(cause.getMessage()), action,
				cause);
	}

	private static boolean isOfVolume(@Nullable SourceState state) {
		return state == SourceState.MISSING || state == SourceState.WRONG_AUDIENCE;
	}

	private static String podFragment(Path tokenPath, List<String> audience) {
		Path directory = tokenPath.getParent();
		if (directory == null) {
			return "";
		}
		return """


				In the pod, the token that is looked for would be

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
				            readOnly: true""".formatted(tokenPath.getFileName(),
				audience.isEmpty() ? "spire-server" : audience.get(0), directory);
	}

}
