package dev.psat.spire.client;

import java.time.Duration;

/**
 * How long a client hears nothing before it does something about it.
 *
 * @param silence after which a connection is probed
 * @param attestationSilence the same while an attestation waits
 * @param judgement how long to wait for the answer to a probe
 * @param attestationJudgement the same while an attestation waits, which the verdict ends
 */
record Intervals(Duration silence, Duration attestationSilence, Duration judgement, Duration attestationJudgement) {

	static Intervals usual() {
		return new Intervals(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(3),
				Duration.ofSeconds(5));
	}

	Duration silence(GrpcCall call) {
		return call.isAttestation() ? this.attestationSilence : this.silence;
	}

	Duration judgement(GrpcCall call) {
		return call.isAttestation() ? this.attestationJudgement : this.judgement;
	}

}
