package dev.psat.status.internal;

import java.util.function.Supplier;

import dev.psat.PsatAttestor;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenStatus;
import dev.psat.token.TokenUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Queries sources and attestors on behalf of health, endpoint and meters. A custom one
 * that fails is treated as one without a token. Only the type of its exception is shown,
 * since the message could contain a token.
 */
public final class SafeStatus {

	private SafeStatus() {
	}

	public static TokenStatus of(Supplier<TokenStatus> question) {
		try {
			return question.get();
		}
		catch (RuntimeException ex) {
			return failed(ex);
		}
	}

	public static @Nullable TokenUnavailableException refusal(PsatAttestor attestor) {
		try {
			return attestor.refusal();
		}
		catch (RuntimeException ex) {
			TokenStatus status = failed(ex);
			return new TokenUnavailableException(String.valueOf(status.message()), status.tokenState(),
					status.sourceState(), String.valueOf(status.advice()));
		}
	}

	/** What a refusal says replaces what the source says is wrong, and where. */
	public static TokenStatus withRefusal(TokenStatus status, @Nullable TokenUnavailableException refusal) {
		if (refusal == null) {
			return status;
		}
		return status.mutate()
			.sourceState(refusal.sourceState())
			.message(refusal.getMessage())
			.advice(refusal.advice())
			.build();
	}

	/** Uses the default status of a source, so that it is worded in one place. */
	private static TokenStatus failed(RuntimeException failure) {
		TokenSource failing = () -> {
			throw failure;
		};
		return failing.status();
	}

}
