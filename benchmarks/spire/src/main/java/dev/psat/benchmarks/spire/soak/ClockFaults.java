package dev.psat.benchmarks.spire.soak;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.psat.spire.SpireState;

/**
 * A server whose clock is off. Agent SVIDs that it has issued before are then not valid
 * for it on new connections; on one that is open they may serve until they are replaced.
 * So every other time the server ends its connections as well, and when it is mended
 * always.
 */
final class ClockFaults {

	/** The agent SVID is replaced before it ends, whatever the server makes of it. */
	private static final Duration ATTESTED_AGAIN = World.AGENT_LIFE.plusSeconds(15);

	/** What the way there, and a second that was cut off, may come to. */
	private static final Duration TOLERANCE = Duration.ofSeconds(5);

	private ClockFaults() {
	}

	static List<Fault> all() {
		return List.of(
				new Fault("server's clock ahead by more than an agent SVID lives", bounded(Effect.NONE),
						(trial) -> step(trial, World.AGENT_LIFE, Duration.ofSeconds(100))),
				// what it issues has then expired by ours, and peers still accept it
				new Fault("server's clock behind by more than an SVID lives",
						bounded(Effect.NONE.or(SpireState.EXPIRED)),
						(trial) -> step(trial, Duration.ofSeconds(-58), Duration.ofSeconds(-50))));
	}

	private static Effect bounded(Effect effect) {
		return effect.seenWithin(ATTESTED_AGAIN).overWithin(ATTESTED_AGAIN);
	}

	private static void step(Trial trial, Duration from, Duration to) {
		Duration offset = trial.draw(from, to);
		World world = trial.world();
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
