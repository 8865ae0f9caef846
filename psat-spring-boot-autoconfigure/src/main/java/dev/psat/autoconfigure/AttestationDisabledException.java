package dev.psat.autoconfigure;

import dev.psat.token.TokenState;
import dev.psat.token.TokenUnavailableException;

/**
 * {@link TokenUnavailableException} thrown because attestation is disabled.
 */
final class AttestationDisabledException extends TokenUnavailableException {

	AttestationDisabledException() {
		super("Attestation is disabled by 'spire.psat.enabled'", TokenState.NONE, null,
				"Set 'spire.psat.enabled' to 'true', or do not request a payload while it is 'false'.");
	}

}
