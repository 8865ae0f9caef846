package dev.psat.autoconfigure;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.autoconfigure.internal.TokenHalf;
import dev.psat.token.TokenState;
import dev.psat.token.TokenUnavailableException;

import org.springframework.core.env.Environment;

/** Attestation is disabled, or not needed. */
final class AttestationDisabledException extends TokenUnavailableException {

	private final boolean needed;

	private AttestationDisabledException(boolean needed, String message, String advice) {
		super(message, TokenState.NONE, null, advice);
		this.needed = needed;
	}

	static AttestationDisabledException byProperty() {
		return new AttestationDisabledException(true, "Attestation is disabled by 'spire.psat.enabled'",
				"Set 'spire.psat.enabled' to 'true', or do not request a payload while it is 'false'.");
	}

	static AttestationDisabledException by(TokenHalf tokenHalf) {
		return new AttestationDisabledException(false, tokenHalf.message(), String.valueOf(tokenHalf.advice()));
	}

	String description(Environment environment) {
		return this.needed
				? "Attestation is disabled.\n\n"
						+ new PsatStartupException.WrittenProperty("spire.psat.enabled", false, null).in(environment)
				: "This application does without a projected service account token.\n\n" + getMessage();
	}

}
