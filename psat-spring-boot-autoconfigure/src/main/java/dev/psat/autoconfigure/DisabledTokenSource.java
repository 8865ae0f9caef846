package dev.psat.autoconfigure;

import dev.psat.token.ProjectedToken;
import dev.psat.token.TokenSource;

/**
 * Stands where the token source would, when attestation is disabled.
 */
final class DisabledTokenSource implements TokenSource {

	@Override
	public ProjectedToken current() {
		throw new AttestationDisabledException();
	}

}
