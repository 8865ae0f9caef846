package dev.psat.sample;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.psat.sample.RotationHistory.Rotation;
import org.jspecify.annotations.Nullable;

/**
 * The content of the page: only identifiers, never a token or a key.
 *
 * @param status the token, {@code null} if the identity comes from the Workload API,
 * which needs none
 * @param payload the payload, {@code null} if there is none
 * @param selfCall the application's call to itself
 * @param partnerCall its call to a server with a classic certificate, {@code null} if
 * there is none
 * @param federatedCalls the calls of workloads of other trust domains by their SPIFFE IDs
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Identity(String application, Instant now, @Nullable TokenView status, @Nullable Payload payload,
		List<Rotation> rotations, SpireView spire, CallOutcome selfCall, @Nullable CallOutcome partnerCall,
		Map<String, CallOutcome> federatedCalls, Handshakes handshakes) {

	/**
	 * The properties of the attestation payload, which show that the application can
	 * attest.
	 */
	record Payload(String type, String cluster, int bytes) {

	}

}
