package dev.psat.sample;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.psat.sample.RotationHistory.Rotation;
import dev.psat.spire.SpireStatus;
import dev.psat.token.TokenStatus;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows. It holds identifiers only, never a token or a key.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Identity(String application, Instant now, TokenStatus status, @Nullable Payload payload,
		List<Rotation> rotations, SpireStatus spire, SelfCall.Outcome selfCall, Handshakes handshakes) {

	/**
	 * That the application can attest at this moment: the payload's outside.
	 */
	record Payload(String type, String cluster, int bytes) {

	}

}
