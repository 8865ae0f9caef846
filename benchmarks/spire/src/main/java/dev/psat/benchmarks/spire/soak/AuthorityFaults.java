package dev.psat.benchmarks.spire.soak;

import java.util.List;

import dev.psat.spire.test.SimulatedAuthority;

/**
 * Authorities that come and go. A server tells of one long before it signs with it, so
 * the next step waits until both applications know.
 */
final class AuthorityFaults {

	private AuthorityFaults() {
	}

	static List<Fault> all() {
		return List.of(new Fault("authority rotated twice", Effect.NONE, AuthorityFaults::rotateTwice),
				new Fault("authority tainted", Effect.NONE, AuthorityFaults::taint),
				new Fault("authority revoked", Effect.NONE, AuthorityFaults::revoke));
	}

	private static void rotateTwice(Trial trial) {
		rotate(trial);
		rotate(trial);
		World world = trial.world();
		world.applications().forEach(world.repair()::changeEntry);
		awaitNewSvids(trial);
	}

	private static void rotate(Trial trial) {
		SimulatedAuthority authority = trial.world().server().authority();
		authority.prepare();
		trial.await("the prepared authority is in the trust bundles", trial.world().applications(),
				trial.world()::knowsTrustBundle);
		authority.activate();
		authority.renewServerCertificate();
	}

	private static void taint(Trial trial) {
		rotate(trial);
		trial.world().repair().taint();
		awaitNewSvids(trial);
	}

	/**
	 * Until both have another SVID, whoever knows already refuses whoever does not.
	 */
	private static void revoke(Trial trial) {
		rotate(trial);
		trial.allowFailures();
		trial.world().repair().taint();
		trial.world().repair().revoke();
		awaitNewSvids(trial);
		trial.disallowFailures();
	}

	private static void awaitNewSvids(Trial trial) {
		World world = trial.world();
		trial.awaitSeen("both SVIDs are of the new authority",
				() -> world.applications()
					.stream()
					.allMatch((application) -> world.knowsTrustBundle(application)
							&& world.isSignedByNewestAuthority(application)));
	}

}
