package dev.psat.tlstests.tomcat.soak;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import io.grpc.Status;

/**
 * A server that answers: agents that it forgets or bans, authorities that come and go,
 * answers that lack something, and a clock that is off.
 */
final class ServerFaults {

	/** An agent SVID is replaced after four fifths of its life at the earliest. */
	private static final Duration FRESH = SoakWorld.AGENT_LIFE.dividedBy(2);

	/** The agent SVID is replaced before it ends, whatever the server makes of it. */
	private static final Duration ATTESTED_AGAIN = SoakWorld.AGENT_LIFE.plusSeconds(15);

	/** What the way there, and a second that was cut off, may come to. */
	private static final Duration TOLERANCE = Duration.ofSeconds(5);

	private static final Effect BUNDLE_REFUSED = Effect.failing("INVALID_TRUST_BUNDLE");

	private ServerFaults() {
	}

	static List<Fault> all() {
		Duration need = SoakWorld.AGENT_LIFE;
		Effect clockOff = Effect.NONE.seenWithin(ATTESTED_AGAIN).overWithin(ATTESTED_AGAIN);
		return List.of(new Fault("agent evicted", Effect.NONE.seenWithin(need).overWithin(need), ServerFaults::evict),
				new Fault("agent banned and unbanned", Effect.failing("AGENT_BANNED").or(SpireState.BANNED),
						ServerFaults::ban),
				new Fault("authority rotated twice", Effect.NONE, ServerFaults::rotateTwice),
				new Fault("authority tainted", Effect.NONE, ServerFaults::taint),
				new Fault("authority revoked", Effect.NONE, ServerFaults::revoke),
				new Fault("empty trust bundle", BUNDLE_REFUSED,
						(trial) -> refuse(trial, () -> trial.world().server().trustBundle().empty(true))),
				new Fault("sequence number going back", BUNDLE_REFUSED,
						(trial) -> refuse(trial, trial.world().repair()::setBackSequenceNumber)),
				new Fault("entry gone and back", Effect.NONE, ServerFaults::deleteEntry),
				new Fault("server's clock ahead by more than an agent SVID lives", clockOff,
						(trial) -> step(trial, SoakWorld.AGENT_LIFE, Duration.ofSeconds(100))),
				// what it issues has then expired by ours, and peers still accept it
				new Fault("server's clock behind by more than an SVID lives", clockOff.or(SpireState.EXPIRED),
						(trial) -> step(trial, Duration.ofSeconds(-58), Duration.ofSeconds(-50))));
	}

	/**
	 * Evict agents that are not about to attest again anyway.
	 */
	private static void evict(Trial trial) {
		SoakWorld world = trial.world();
		List<Application> evicted = trial.draw();
		trial.await("the agent SVIDs are fresh", evicted,
				(application) -> application.isAgentAfter(Instant.now().plus(FRESH)));
		Map<Application, Long> attestations = now(evicted, Application::attestations);
		Map<Application, Long> denials = now(evicted, (application) -> denials(world, application));
		trial.begin();
		evicted.forEach((application) -> world.server().agents().evict(application.agentId()));
		trial.awaitSeen("evicted agents are denied and attest again", evicted,
				(application) -> denials(world, application) > denials.get(application)
						&& application.attestations() > attestations.get(application));
	}

	private static Map<Application, Long> now(List<Application> applications, Function<Application, Long> figure) {
		return applications.stream().collect(Collectors.toMap(Function.identity(), figure));
	}

	private static long denials(SoakWorld world, Application application) {
		return world.server()
			.journal()
			.refusals()
			.stream()
			.filter((refusal) -> application.agentId().equals(refusal.caller())
					&& refusal.code() == Status.Code.PERMISSION_DENIED)
			.count();
	}

	private static void ban(Trial trial) {
		List<Application> banned = trial.draw();
		banned.forEach(trial.world().repair()::ban);
		trial.awaitSeen("the ban", banned, (application) -> application.status().state() == SpireState.BANNED);
	}

	private static void rotateTwice(Trial trial) {
		SoakWorld world = trial.world();
		rotate(trial);
		world.applications().forEach(world.repair()::changeEntry);
		trial.await("both SVIDs are of the second authority", world.applications(),
				world.authorities()::newestHasSigned);
		world.authorities().retire();
		rotate(trial);
		world.applications().forEach(world.repair()::changeEntry);
		awaitNewSvids(trial);
	}

	/**
	 * A server tells of an authority long before it signs with it, so this waits until
	 * both applications know.
	 */
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

	/**
	 * The answer is refused and counted, and takes no authority away.
	 */
	private static void refuse(Trial trial, Runnable action) {
		List<Application> both = trial.world().applications();
		Map<Application, Long> refreshes = now(both, ServerFaults::refused);
		Map<Application, Long> authorities = now(both, ServerFaults::authorities);
		action.run();
		trial.awaitSeen("the answer is refused, and the trust bundle stays", both,
				(application) -> refused(application) > refreshes.get(application)
						&& authorities(application) == authorities.get(application));
	}

	private static long refused(Application application) {
		return application.count("spire.trust.bundle.refreshes", "invalid-trust-bundle");
	}

	private static long authorities(Application application) {
		SpireStatus.Bundle bundle = application.status().trustBundle();
		return (bundle != null) ? bundle.authorities() : 0;
	}

	private static void deleteEntry(Trial trial) {
		List<Application> deprived = trial.draw();
		deprived.forEach(trial.world().repair()::deleteEntry);
		trial.awaitSeen("the entry is missing", deprived,
				(application) -> Integer.valueOf(0).equals(application.status().candidates()));
	}

	/**
	 * Agent SVIDs that were issued before are not valid for the server on new
	 * connections; on one that is open they may serve until they are replaced. So every
	 * other time the server ends its connections as well, and when it is mended always.
	 */
	private static void step(Trial trial, Duration from, Duration to) {
		Duration offset = trial.draw(from, to);
		SoakWorld world = trial.world();
		world.repair().stepClock(offset);
		if (trial.random().nextBoolean()) {
			world.server().goAway();
		}
		trial.awaitSeen("the clock is off by " + offset,
				() -> world.applications().stream().allMatch((application) -> shows(application, offset)));
		// a visit that met both the step and its mending would be refused twice
		Instant seen = Instant.now();
		trial.await("visits go on", world.applications(), (application) -> application.isVisitedAfter(seen));
	}

	private static boolean shows(Application application, Duration offset) {
		Duration skew = application.status().clockSkew();
		return skew != null && skew.minus(offset).abs().compareTo(TOLERANCE) < 0;
	}

}
