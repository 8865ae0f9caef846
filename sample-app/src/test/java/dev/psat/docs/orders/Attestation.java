package dev.psat.docs.orders;

import dev.psat.PsatAttestor;

import org.springframework.stereotype.Component;

// tag::inject[]
@Component
record Attestation(PsatAttestor attestor) {

	byte[] attestationData() {
		return this.attestor.payload().toBytes();
	}

}
// end::inject[]
