package dev.psat.spire.autoconfigure;

import java.nio.file.Path;

import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.support.agent.EntryOptions;
import dev.psat.support.agent.RealAgent;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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

	/**
	 * Takes half a minute, so tests with a simulated one leave it to those of the engine.
	 */
	@Test
	@Order(8)
	void identityWithoutAnEntryIsWithdrawn() {
		String entry = add("spiffe://example.org/orders", EntryOptions.NONE);
		run();
		awaitReady("spiffe://example.org/orders");
		delete(entry);
		within().untilAsserted(() -> assertThat(identity().status().state()).isEqualTo(SpireState.WAITING_FOR_ENTRY));
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity().x509Svid());
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity().trustBundle());
		assertThatExceptionOfType(Exception.class).isThrownBy(this::presented);
	}

}
