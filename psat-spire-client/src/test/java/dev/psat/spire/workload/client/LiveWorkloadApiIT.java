package dev.psat.spire.workload.client;

import java.nio.file.Path;

import dev.psat.support.agent.AgentUnderTest;
import dev.psat.support.agent.RealAgent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A real SPIRE Agent keeps the contract, see CONTRIBUTING.md: profile
 * {@code workload-live}, with {@code workload.live.programs}, the directory of
 * {@code spire-server} and {@code spire-agent}.
 */
class LiveWorkloadApiIT extends WorkloadApiContract {

	@Override
	AgentUnderTest start() {
		String programs = System.getProperty("workload.live.programs");
		assertThat(programs).as("-Dworkload.live.programs").isNotBlank();
		return new RealAgent(Path.of(programs));
	}

}
