package dev.psat.tlstests.tomcat.soak;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.test.ServerJournal;

/**
 * A server that is away, silent, slow, or asks its clients to leave.
 */
final class OutageFaults {

	/** By how much an SVID may have expired that is still presented, and accepted. */
	private static final Duration LEEWAY = Duration.ofSeconds(120);

	private static final String UNREACHABLE = "UNREACHABLE";

	private static final String HANDSHAKE_TIMED_OUT = "HANDSHAKE_TIMED_OUT";

	private static final String TIMED_OUT = "TIMED_OUT";

	/** Much shorter than what is left of an SVID. */
	private static final Effect AWAY = Effect.failing(UNREACHABLE);

	/** Visits then pause for up to 30 seconds. */
	private static final Effect AWAY_FOR_LONG = AWAY.or(SpireState.EXPIRED).overWithin(Duration.ofSeconds(60));

	/** Failures are allowed a little early, since the thread that does so may be late. */
	private static final Duration LATE = Duration.ofMillis(200);

	private static final Duration AWAKE = Duration.ofMillis(200);

	private OutageFaults() {
	}

	static List<Fault> all(boolean patient) {
		List<Fault> faults = new ArrayList<>();
		faults.add(new Fault("server away", AWAY, OutageFaults::away));
		faults.add(new Fault("server away for longer than an SVID lives",
				AWAY_FOR_LONG.seenWithin(SoakWorld.SVID_LIFE.plusSeconds(15)), OutageFaults::awayUntilExpired));
		if (patient) {
			faults.add(new Fault("server away until expired SVIDs are refused",
					AWAY_FOR_LONG.seenWithin(SoakWorld.SVID_LIFE.plus(LEEWAY).plusSeconds(30)),
					OutageFaults::awayUntilRefused));
		}
		// a call on an open connection has 20 seconds
		faults.add(new Fault("server hung",
				Effect.failing(UNREACHABLE, HANDSHAKE_TIMED_OUT, TIMED_OUT)
					.or(SpireState.EXPIRED)
					.seenWithin(Duration.ofSeconds(45))
					.overWithin(Duration.ofSeconds(45)),
				OutageFaults::hang));
		faults.add(new Fault("server slow", Effect.NONE.seenWithin(Duration.ofSeconds(90)), OutageFaults::slow));
		faults.add(new Fault("GOAWAY", Effect.NONE, OutageFaults::goAway));
		return faults;
	}

	private static void away(Trial trial) {
		trial.world().server().stop();
		trial.awaitSeen("the server is unreachable", trial.world().applications(),
				(application) -> hasError(application, UNREACHABLE));
	}

	private static void awayUntilExpired(Trial trial) {
		trial.world().server().stop();
		trial.awaitSeen("the SVIDs have expired", trial.world().applications(), OutageFaults::isExpired);
	}

	private static void awayUntilRefused(Trial trial) {
		SoakWorld world = trial.world();
		long failures = trial.failures();
		world.server().stop();
		trial.awaitSeen("the SVIDs have expired",
				() -> world.applications().stream().allMatch(OutageFaults::isExpired));
		world.watch(Duration.between(Instant.now(), firstExpiry(world).plus(LEEWAY).minus(LATE)));
		trial.allowFailuresOfAllExpired();
		trial.awaitSeen("expired SVIDs are refused", () -> trial.failures() > failures);
		world.watch(trial.draw(Duration.ZERO, Duration.ofSeconds(2)));
	}

	private static Instant firstExpiry(SoakWorld world) {
		return world.applications()
			.stream()
			.map((application) -> application.identity().status().svid())
			.map((svid) -> (svid != null) ? svid.expiresAt() : Instant.MAX)
			.min(Instant::compareTo)
			.orElseThrow();
	}

	private static void hang(Trial trial) {
		trial.world().server().faults().hang();
		trial.awaitSeen("the server is silent", trial.world().applications(),
				(application) -> hasError(application, UNREACHABLE) || hasError(application, HANDSHAKE_TIMED_OUT)
						|| hasError(application, TIMED_OUT));
	}

	/**
	 * The server falls silent and goes on again, all the time.
	 */
	private static void slow(Trial trial) {
		SoakWorld world = trial.world();
		Map<Application, Long> generations = world.applications()
			.stream()
			.collect(Collectors.toMap(Function.identity(), Application::generation));
		AtomicBoolean struck = new AtomicBoolean();
		world.applications().forEach(world.repair()::changeEntry);
		trial.awaitSeen("SVIDs come slowly, and a call is tried again", () -> {
			struck.compareAndSet(false, strikes(trial));
			return struck.get() && world.applications()
				.stream()
				.allMatch((application) -> application.generation() > generations.get(application));
		});
		strikes(trial);
	}

	/**
	 * Be silent for a short time, and then for longer than the two seconds after which a
	 * client tries again on another connection.
	 * @return whether one has. There is hardly another reason to connect then.
	 */
	private static boolean strikes(Trial trial) {
		SoakWorld world = trial.world();
		silence(world, trial.draw(Duration.ZERO, Duration.ofSeconds(1)));
		world.server().faults().hang();
		world.watch(Duration.ofSeconds(2));
		int connections = world.server().journal().connections();
		silence(world, trial.draw(Duration.ofMillis(500), Duration.ofSeconds(2)));
		return world.server().journal().connections() > connections;
	}

	private static void silence(SoakWorld world, Duration time) {
		world.server().faults().hang();
		world.watch(time);
		world.server().faults().resume();
		world.watch(AWAKE);
	}

	private static void goAway(Trial trial) {
		SoakWorld world = trial.world();
		ServerJournal journal = world.server().journal();
		int before = journal.connections();
		world.server().goAway();
		trial.await("the connections end", () -> journal.connections() - journal.openConnections() >= before);
		Instant ended = Instant.now();
		trial.awaitSeen("the trust bundle comes on new connections", world.applications(),
				(application) -> application.isVisitedAfter(ended));
	}

	private static boolean hasError(Application application, String reason) {
		SpireStatus.LastError error = application.status().lastError();
		return error != null && error.reason().equals(reason);
	}

	private static boolean isExpired(Application application) {
		return application.status().state() == SpireState.EXPIRED;
	}

}
