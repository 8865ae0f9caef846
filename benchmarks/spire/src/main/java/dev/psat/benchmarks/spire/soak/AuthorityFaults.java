package dev.psat.benchmarks.spire.soak;

import java.util.List;

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
		World world = trial.world();
		rotate(trial);
		world.applications().forEach(world.repair()::changeEntry);
		trial.await("both SVIDs are of the second authority", world.applications(),
				world.authorities()::newestHasSigned);
		world.authorities().retire();
		rotate(trial);
		world.applications().forEach(world.repair()::changeEntry);
		awaitNewSvids(trial);
	}

	private static void rotate(Trial trial) {
		Authorities authorities = trial.world().authorities();
		authorities.prepare();
		trial.await("the prepared authority is in the trust bundles", trial.world().applications(),
				authorities::areKnownTo);
		authorities.activate();
	}

	private static void taint(Trial trial) {
		rotate(trial);
		trial.world().authorities().taint();
		awaitNewSvids(trial);
	}

	/**
	 * Until both have another SVID, the first to learn of the revocation refuses the
	 * other.
	 */
	private static void revoke(Trial trial) {
		rotate(trial);
		trial.allowFailures();
		trial.world().authorities().taint();
		trial.world().authorities().revoke();
		awaitNewSvids(trial);
		trial.disallowFailures();
	}

	private static void awaitNewSvids(Trial trial) {
		Authorities authorities = trial.world().authorities();
		trial.awaitSeen("both SVIDs are of the new authority", () -> trial.world()
			.applications()
			.stream()
			.allMatch(
					(application) -> authorities.areKnownTo(application) && authorities.newestHasSigned(application)));
	}

}
