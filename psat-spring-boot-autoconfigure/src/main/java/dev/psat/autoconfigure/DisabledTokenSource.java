package dev.psat.autoconfigure;

import dev.psat.token.ProjectedToken;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenState;
import dev.psat.token.TokenUnavailableException;

/**
 * Stands where the token source would, when attestation is disabled.
 */
final class DisabledTokenSource implements TokenSource {

	@Override
	public ProjectedToken current() {
		throw disabled();
	}

	static TokenUnavailableException disabled() {
		return new TokenUnavailableException("Attestation is disabled by 'spire.psat.enabled'", TokenState.NONE, null,
				"Set 'spire.psat.enabled' to 'true', or do not ask for a payload where it is 'false'.");
	}

}
