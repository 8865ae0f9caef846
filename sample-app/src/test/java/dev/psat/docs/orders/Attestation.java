package dev.psat.docs.orders;

// tag::inject[]
import dev.psat.PsatAttestor;

import org.springframework.stereotype.Component;

@Component
record Attestation(PsatAttestor attestor) {

	byte[] attestationData() {
		return this.attestor.payload().toBytes();
	}

}
// end::inject[]
