package dev.psat.autoconfigure;

import java.util.function.Supplier;

import dev.psat.AttestationPayload;
import dev.psat.PsatAttestor;
import dev.psat.token.TokenUnavailableException;

final class DisabledAttestor implements PsatAttestor {

	private final Supplier<AttestationDisabledException> refusal;

	DisabledAttestor(Supplier<AttestationDisabledException> refusal) {
		this.refusal = refusal;
	}

	@Override
	public AttestationPayload payload() {
		throw this.refusal.get();
	}

	@Override
	public TokenUnavailableException refusal() {
		return this.refusal.get();
	}

}
