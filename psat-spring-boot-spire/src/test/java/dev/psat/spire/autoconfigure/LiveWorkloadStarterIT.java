package dev.psat.spire.autoconfigure;

import java.nio.file.Path;

import dev.psat.support.agent.EntryOptions;
import dev.psat.support.agent.RealAgent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The starter keeps its contract on a real SPIRE Agent, by the properties of
 * {@code LiveWorkloadApiIT}.
 */
class LiveWorkloadStarterIT extends WorkloadStarterContract {

	private final RealAgent agent = new RealAgent(programs());

	private static Path programs() {
		String programs = System.getProperty("workload.live.programs");
		assertThat(programs).as("-Dworkload.live.programs").isNotBlank();
		return Path.of(programs);
	}

	@Override
	Path socket() {
		return this.agent.socket();
	}

	@Override
	String add(String spiffeId, EntryOptions options) {
		return this.agent.add(spiffeId, options);
	}

	@Override
	void delete(String entry) {
		this.agent.delete(entry);
	}

	@Override
	void exchange(String entry, String spiffeId) {
		this.agent.exchange(entry, spiffeId);
	}

	@Override
	void clear() {
		this.agent.clear();
	}

	@Override
	void rotate() {
		this.agent.rotate();
	}

	@Override
	void kill() {
		this.agent.kill();
	}

	@Override
	void start() {
		this.agent.start();
	}

	@Override
	void prepareAuthority() {
		this.agent.prepareAuthority();
	}

	@Override
	void activateAuthorityAndTaint() {
		this.agent.activateAuthorityAndTaint();
	}

	@Override
	void revokeAuthority() {
		this.agent.revokeAuthority();
	}

	@Override
	void endFederation() {
		this.agent.endFederation();
	}

	@Override
	void stop() {
		this.agent.close();
	}

}
