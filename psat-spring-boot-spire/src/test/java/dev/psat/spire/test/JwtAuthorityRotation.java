package dev.psat.spire.test;

import java.time.Duration;
import java.time.Instant;

import dev.psat.spire.test.proto.Bundle;

/**
 * Lets a simulated server tell once, and not take back, that another JWT authority has
 * taken the place of the one that it goes on to sign with.
 */
public final class JwtAuthorityRotation {

	private JwtAuthorityRotation() {
	}

	public static void rotate(SimulatedSpireServer server) {
		Bundle bundle = server.trustBundle().toMessage();
		server.faults()
			.answerNext(SpireMethod.GET_BUNDLE, bundle.toBuilder()
				// what comes after it is older, and refused
				.setSequenceNumber(bundle.getSequenceNumber() + 1)
				.clearJwtAuthorities()
				.addJwtAuthorities(new JwtAuthority(Instant.now().plus(Duration.ofHours(1))).toMessage())
				.build());
	}

}
