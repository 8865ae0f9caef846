package dev.psat.spire.server;

import dev.psat.PsatAttestor;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.internal.ServedIdentity;

/**
 * The identity that a SPIRE Server issues in return for the attestation payload. SVID and
 * trust bundle survive a stop.
 *
 * @since 0.1.0
 */
public final class SpireServerIdentity {

	private SpireServerIdentity() {
	}

	/**
	 * Create a builder for an identity.
	 * @param attestor creates the payloads
	 * @return the builder
	 */
	public static SpireIdentityBuilder builder(PsatAttestor attestor) {
		return new SpireIdentityBuilder(attestor);
	}

	static SpireIdentity of(ServerDoor.Settings settings) {
		return new ServedIdentity<>((changed) -> new ServerDoor(settings, changed));
	}

}
