package dev.psat.autoconfigure;

import dev.psat.token.ProjectedToken;
import dev.psat.token.TokenSource;

/**
 * {@link TokenSource} used when attestation is disabled.
 */
final class DisabledTokenSource implements TokenSource {

	@Override
	public ProjectedToken current() {
		throw new AttestationDisabledException();
	}

}
