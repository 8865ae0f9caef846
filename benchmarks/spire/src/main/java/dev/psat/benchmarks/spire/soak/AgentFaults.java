package dev.psat.benchmarks.spire.soak;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.psat.spire.SpireState;
import io.grpc.Status;

/**
 * Agents that the server forgets or bans.
 */
final class AgentFaults {

	/** Until the agent SVID is fresh, and then until it is needed. */
	private static final Duration NEED = Duration.ofSeconds(60);

	/** An agent SVID is replaced after four fifths of its life at the earliest. */
	private static final Duration FRESH = World.AGENT_LIFE.dividedBy(2);

	private AgentFaults() {
	}

	static List<Fault> all() {
		return List.of(new Fault("agent evicted", Effect.NONE.seenWithin(NEED).overWithin(NEED), AgentFaults::evict),
				new Fault("agent banned and unbanned", Effect.failing("AGENT_BANNED").or(SpireState.BANNED),
						AgentFaults::ban));
	}

	/**
	 * Evict agents that are not about to attest again anyway.
	 */
	private static void evict(Trial trial) {
		World world = trial.world();
		List<Application> evicted = trial.draw();
		trial.await("the agent SVIDs are fresh", evicted,
				(application) -> application.isAgentAfter(Instant.now().plus(FRESH)));
		Map<Application, Long> attestations = counts(evicted, (application) -> application.attestations("success"));
		Map<Application, Long> denials = counts(evicted, (application) -> denials(world, application));
		trial.begin();
		evicted.forEach((application) -> world.server().agents().evict(application.agentId()));
		trial.awaitSeen("evicted agents are denied and attest again", evicted,
				(application) -> denials(world, application) > denials.getOrDefault(application, 0L)
						&& application.attestations("success") > attestations.getOrDefault(application, 0L));
	}

	private static Map<Application, Long> counts(List<Application> applications, Function<Application, Long> count) {
		return applications.stream().collect(Collectors.toMap(Function.identity(), count));
	}

	private static long denials(World world, Application application) {
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

}
