package dev.psat.autoconfigure;

import java.util.function.Supplier;

import dev.psat.token.ProjectedToken;
import dev.psat.token.TokenSource;

final class DisabledTokenSource implements TokenSource {

	private final Supplier<AttestationDisabledException> refusal;

	DisabledTokenSource(Supplier<AttestationDisabledException> refusal) {
		this.refusal = refusal;
	}

	@Override
	public ProjectedToken current() {
		throw this.refusal.get();
	}

}
