package dev.psat.spire.workload.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.psat.spire.test.BundleDeletion;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.support.agent.AgentUnderTest;
import dev.psat.support.agent.EntryOptions;

/**
 * The simulated Workload API with its server, and that of the partner.
 */
final class SimulatedAgent implements AgentUnderTest {

	private final SimulatedSpireServer server = SimulatedSpireServer.builder().build();

	private final SimulatedSpireServer partner = SimulatedSpireServer.builder().trustDomain(PARTNER).build();

	private final List<String> entries = new ArrayList<>();

	private SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().server(this.server).build();

	SimulatedAgent() {
		this.server.federation().set(this.partner);
	}

	@Override
	public Path socket() {
		return this.api.socket();
	}

	@Override
	public String add(String spiffeId, EntryOptions options) {
		String entry = this.api.addEntry(spiffeId, (more) -> {
			if (options.hint() != null) {
				more.hint(options.hint());
			}
			if (options.x509SvidTtl() != null) {
				more.x509SvidTtl(options.x509SvidTtl());
			}
			if (options.federated()) {
				more.federatesWith(PARTNER);
			}
		});
		this.entries.add(entry);
		return entry;
	}

	@Override
	public void addForAnotherUser(String spiffeId) {
		// there is no other user: nobody but its agent's entries are for us
		this.server.entries().create("spiffe://example.org/another-node", spiffeId);
	}

	@Override
	public void delete(String entry) {
		this.api.removeEntry(entry);
		this.entries.remove(entry);
	}

	@Override
	public String exchange(String entry, String spiffeId) {
		this.entries.remove(entry);
		String next = this.api.exchangeEntry(entry, spiffeId);
		this.entries.add(next);
		return next;
	}

	@Override
	public void clear() {
		List.copyOf(this.entries).forEach(this::delete);
	}

	@Override
	public void rotate() {
		this.api.rotate();
	}

	@Override
	public void stop() {
		this.api.stop();
	}

	@Override
	public void kill() {
		this.api.kill();
	}

	@Override
	public void start() {
		this.api.start();
	}

	@Override
	public void suspend() {
		this.api.faults().suspend();
	}

	@Override
	public void resume() {
		this.api.faults().resume();
	}

	@Override
	public void prepareAuthority() {
		this.server.authority().prepare();
	}

	@Override
	public void activateAuthorityAndTaint() {
		this.server.authority().activate();
		this.server.authority().taint();
	}

	@Override
	public void revokeAuthority() {
		this.server.authority().revoke();
	}

	@Override
	public void endFederation() {
		this.server.federation().delete(PARTNER, BundleDeletion.DISSOCIATE);
	}

	@Override
	public void useRsaKeys() {
		Path socket = socket();
		this.api.close();
		this.api = SimulatedWorkloadApi.builder().server(this.server).socket(socket).rsaKeys().build();
	}

	@Override
	public void endJwtSvids() {
		this.api.faults().jwtProfile(false);
	}

	@Override
	public void close() {
		Path directory = socket().getParent();
		this.api.close();
		this.server.close();
		this.partner.close();
		try {
			// the second Workload API on this socket has made it anew
			Files.deleteIfExists(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
