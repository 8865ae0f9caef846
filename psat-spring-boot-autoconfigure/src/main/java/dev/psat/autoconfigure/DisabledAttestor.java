package dev.psat.autoconfigure;

import dev.psat.AttestationPayload;
import dev.psat.PsatAttestor;
import dev.psat.token.TokenUnavailableException;

/**
 * {@link PsatAttestor} used when attestation is disabled, whatever the source.
 */
final class DisabledAttestor implements PsatAttestor {

	@Override
	public AttestationPayload payload() {
		throw new AttestationDisabledException();
	}

	@Override
	public TokenUnavailableException refusal() {
		return new AttestationDisabledException();
	}

}
