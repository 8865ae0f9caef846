package dev.psat.benchmarks.spire.soak;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.psat.spire.SpireState;

/**
 * Agents that the server forgets or bans.
 */
final class AgentFaults {

	/** The next need comes with the next renewal, after 17 seconds at the latest. */
	private static final Duration NEED = Duration.ofSeconds(30);

	private AgentFaults() {
	}

	static List<Fault> all() {
		return List.of(new Fault("agent evicted", Effect.NONE.seenWithin(NEED).overWithin(NEED), AgentFaults::evict),
				new Fault("agent banned and unbanned",
						Effect.failing("AGENT_BANNED").or(SpireState.BANNED, SpireState.EXPIRED), AgentFaults::ban));
	}

	private static void evict(Trial trial) {
		World world = trial.world();
		List<Application> evicted = trial.draw();
		Map<Application, Long> attestations = evicted.stream()
			.collect(Collectors.toMap(Function.identity(), (application) -> application.attestations("success")));
		evicted.forEach((application) -> world.server().agents().evict(application.agentId()));
		trial.awaitSeen("evicted agents have attested again", evicted,
				(application) -> application.attestations("success") > attestations.getOrDefault(application, 0L));
	}

	private static void ban(Trial trial) {
		List<Application> banned = trial.draw();
		banned.forEach(trial.world().repair()::ban);
		trial.awaitSeen("the ban", banned, (application) -> application.status().state() == SpireState.BANNED);
	}

}
