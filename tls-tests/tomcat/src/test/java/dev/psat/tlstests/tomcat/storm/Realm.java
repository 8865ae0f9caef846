package dev.psat.tlstests.tomcat.storm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerBuilder;
import dev.psat.spire.test.SpireMethod;
import dev.psat.test.SimulatedKubelet;
import dev.psat.tlstests.Credential;
import org.jspecify.annotations.Nullable;

/**
 * A trust domain: its SPIRE Server, the clock of that, and the file with its trust
 * bundle, which follows every change as a ConfigMap does. Belongs to one thread.
 */
final class Realm implements AutoCloseable {

	/** As short as a visit each 5 seconds allows. */
	static final Duration SVID_LIFE = Duration.ofSeconds(30);

	static final Duration AGENT_LIFE = Duration.ofSeconds(60);

	static final String CLUSTER = "storm";

	private static final Duration LONG = Duration.ofHours(12);

	private static final Duration ENDING = Duration.ofSeconds(2);

	private static final Duration LOOK = Duration.ofMillis(5);

	private final List<SpiffeId> members;

	private final SimulatedSpireServer server;

	private final Path trustBundle;

	private volatile Duration clockOffset = Duration.ZERO;

	private Map<SpiffeId, Credential> replaced = Map.of();

	private Map<SpiffeId, Credential> revoked = Map.of();

	private boolean prepared;

	private boolean tainted;

	/**
	 * Create a trust domain.
	 * @param members the SPIFFE IDs of its members
	 * @param directory for its file
	 * @param kubelets those of its members that attest to its server
	 */
	Realm(List<SpiffeId> members, Path directory, SimulatedKubelet... kubelets) {
		String trustDomain = members.get(0).trustDomain().name();
		this.members = List.copyOf(members);
		InstantSource clock = () -> Instant.now().plus(this.clockOffset);
		SimulatedSpireServerBuilder builder = SimulatedSpireServer.builder()
			.trustDomain(trustDomain)
			.clock(clock.withZone(ZoneOffset.UTC))
			.x509SvidTtl(SVID_LIFE)
			.jwtSvidTtl(SVID_LIFE)
			.agentTtl(AGENT_LIFE)
			.caTtl(LONG.multipliedBy(2))
			.entryCacheReload(Duration.ofSeconds(1));
		Stream.of(kubelets).forEach((kubelet) -> builder.workload(kubelet, CLUSTER));
		this.server = builder.build();
		this.trustBundle = directory.resolve(trustDomain + ".pem");
		write();
	}

	SimulatedSpireServer server() {
		return this.server;
	}

	String name() {
		return this.server.trustDomain();
	}

	/**
	 * Return the file with the trust bundle.
	 */
	Path trustBundle() {
		return this.trustBundle;
	}

	/**
	 * Mint an SVID that outlives the storm.
	 * @param spiffeId the SPIFFE ID, of any trust domain
	 * @return the SVID, signed by the active authority
	 */
	Credential mint(String spiffeId) {
		return Credential.of(this.server.mint().ttl(LONG).x509Svid(spiffeId));
	}

	/**
	 * Return an SVID of a member, signed by an authority that was revoked.
	 * @param member the SPIFFE ID of the member
	 * @return the SVID, {@code null} as long as no authority was revoked
	 */
	@Nullable Credential revoked(SpiffeId member) {
		return this.revoked.get(member);
	}

	/**
	 * Return the current trust bundle.
	 */
	TrustBundle bundle() {
		return TrustBundle.parse(TrustDomain.of(name()),
				this.server.trustBundle().toJwks().getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Step the clock of the server.
	 * @param offset how far it is off from now on
	 */
	void stepClock(Duration offset) {
		boolean stepped = !offset.equals(this.clockOffset);
		this.clockOffset = offset;
		if (stepped) {
			this.server.goAway();
		}
	}

	/**
	 * Let another authority sign from now on. A server tells of an authority long before
	 * it signs with it, so that happens once until {@link #mend()}.
	 */
	void rotate() {
		if (!this.prepared) {
			return;
		}
		this.prepared = false;
		this.replaced = this.members.stream()
			.collect(Collectors.toMap(Function.identity(), (member) -> mint(member.toString())));
		this.server.authority().activate();
		this.server.authority().renewServerCertificate();
	}

	/**
	 * Taint the authority that has signed before, unless it is tainted.
	 */
	void taint() {
		if (!this.tainted && !this.replaced.isEmpty()) {
			this.server.authority().taint();
			this.tainted = true;
		}
	}

	/**
	 * Revoke the authority that has signed before, if there is one.
	 */
	void retire() {
		if (!this.replaced.isEmpty()) {
			taint();
			this.server.authority().revoke();
			this.revoked = this.replaced;
			this.replaced = Map.of();
			this.tainted = false;
			write();
		}
	}

	/**
	 * Write the file with the trust bundle.
	 */
	void write() {
		change(this.server.trustBundle()::writeTo);
	}

	void removeTrustBundle() {
		change(Files::deleteIfExists);
	}

	void tearTrustBundle() {
		change((file) -> Files.writeString(file, "-----BEGIN CERTIFICATE-----\nMIIB"));
	}

	private void change(FileChange change) {
		try {
			change.to(this.trustBundle);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * End all connections to the server. How many of them are open is chance.
	 */
	void endConnections() {
		this.server.goAway();
		long start = System.nanoTime();
		while (this.server.journal().openConnections() > 0 && System.nanoTime() - start < ENDING.toNanos()) {
			LockSupport.parkNanos(LOOK.toNanos());
		}
	}

	/**
	 * Mend everything, whatever has happened.
	 */
	void mend() {
		stepClock(Duration.ZERO);
		this.server.trustBundle().empty(false);
		Stream.of(SpireMethod.values()).forEach((method) -> this.server.faults().failAll(method, null));
		this.server.faults().resume();
		this.server.restart();
		retire();
		if (!this.prepared) {
			this.server.authority().prepare();
			this.prepared = true;
		}
		write();
	}

	@Override
	public void close() {
		this.server.close();
	}

	@Override
	public String toString() {
		return name();
	}

	private interface FileChange {

		void to(Path file) throws IOException;

	}

}
