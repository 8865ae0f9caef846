package dev.psat.spire.autoconfigure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.psat.spire.test.BundleDeletion;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.support.Matrix;
import dev.psat.support.agent.AgentUnderTest;
import dev.psat.support.agent.EntryOptions;

/**
 * The starter keeps its contract on the simulated Workload API.
 */
@Matrix
class SimulatedWorkloadStarterContractTests extends WorkloadStarterContract {

	private final SimulatedSpireServer partner = SimulatedSpireServer.builder()
		.trustDomain(AgentUnderTest.PARTNER)
		.build();

	private final SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().build();

	private final List<String> entries = new ArrayList<>();

	SimulatedWorkloadStarterContractTests() {
		this.api.server().federation().set(this.partner);
	}

	@Override
	Path socket() {
		return this.api.socket();
	}

	@Override
	String add(String spiffeId, EntryOptions options) {
		String entry = this.api.addEntry(spiffeId, (more) -> {
			if (options.hint() != null) {
				more.hint(options.hint());
			}
			if (options.federated()) {
				more.federatesWith(AgentUnderTest.PARTNER);
			}
		});
		this.entries.add(entry);
		return entry;
	}

	@Override
	void delete(String entry) {
		this.entries.remove(entry);
		this.api.removeEntry(entry);
	}

	@Override
	void exchange(String entry, String spiffeId) {
		this.entries.remove(entry);
		this.entries.add(this.api.exchangeEntry(entry, spiffeId));
	}

	@Override
	void clear() {
		List.copyOf(this.entries).forEach(this::delete);
	}

	@Override
	void rotate() {
		this.api.rotate();
	}

	@Override
	void kill() {
		this.api.kill();
	}

	@Override
	void start() {
		this.api.start();
	}

	@Override
	void prepareAuthority() {
		this.api.server().authority().prepare();
	}

	@Override
	void activateAuthorityAndTaint() {
		this.api.server().authority().activate();
		this.api.server().authority().taint();
	}

	@Override
	void revokeAuthority() {
		this.api.server().authority().revoke();
	}

	@Override
	void endFederation() {
		this.api.server().federation().delete(AgentUnderTest.PARTNER, BundleDeletion.DISSOCIATE);
	}

	@Override
	void stop() {
		this.api.close();
		this.partner.close();
	}

}
