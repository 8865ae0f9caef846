package dev.psat.spire.test;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

import dev.psat.test.SimulatedKubelet;
import io.grpc.Status;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests that public methods name the argument that must not be {@code null}.
 */
@NullUnmarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArgumentTests {

	private static final String ID = "spiffe://example.org/orders";

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder().build();

	@AutoClose
	private final SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().server(this.server).build();

	@ParameterizedTest(name = "{0}, {1}")
	@MethodSource({ "builders", "entries", "servers", "federation", "agentsAndFaults", "workloadApi" })
	void nullIsRefusedByName(String method, String name, ThrowingCallable call) {
		assertThatIllegalArgumentException().isThrownBy(call).withMessage("'%s' must not be null", name);
	}

	@ParameterizedTest(name = "{0}, {1}")
	@MethodSource("arrays")
	void nullElementIsRefusedByName(String method, String name, ThrowingCallable call) {
		assertThatIllegalArgumentException().isThrownBy(call).withMessage("'%s' must not contain null elements", name);
	}

	Stream<Arguments> builders() {
		SimulatedSpireServerBuilder builder = SimulatedSpireServer.builder();
		SimulatedCluster cluster = SimulatedCluster.named("demo");
		return Stream.of(of("SimulatedSpireServerBuilder.trustDomain", "trustDomain", () -> builder.trustDomain(null)),
				of("SimulatedSpireServerBuilder.cluster", "cluster", () -> builder.cluster(null)),
				of("SimulatedSpireServerBuilder.workload", "kubelet", () -> builder.workload(null)),
				of("SimulatedSpireServerBuilder.workload", "cluster", () -> builder.workload(this.kubelet, null)),
				of("SimulatedSpireServerBuilder.agentTtl", "ttl", () -> builder.agentTtl(null)),
				of("SimulatedSpireServerBuilder.connectionAge", "age", () -> builder.connectionAge(null)),
				of("SimulatedSpireServerBuilder.entryCacheReload", "interval", () -> builder.entryCacheReload(null)),
				of("SimulatedSpireServerBuilder.federateWith", "partner", () -> builder.federateWith(null)),
				of("SimulatedSpireServer.federateWith", "partner", () -> this.server.federateWith(null)),
				of("SimulatedSpireServerBuilder.upstreamAuthorityOf", "other", () -> builder.upstreamAuthorityOf(null)),
				of("SimulatedSpireServerBuilder.jwtKeyId", "keyId", () -> builder.jwtKeyId(null)),
				of("SimulatedSpireServerBuilder.behaveAs", "release", () -> builder.behaveAs(null)),
				of("SimulatedSpireServerBuilder.clock", "clock", () -> builder.clock(null)),
				of("SimulatedCluster.allow", "namespace", () -> cluster.allow(null, "orders")),
				of("SimulatedCluster.allow", "serviceAccount", () -> cluster.allow("shop", null)),
				of("SimulatedCluster.disallow", "namespace", () -> cluster.disallow(null, "orders")),
				of("SimulatedCluster.disallow", "serviceAccount", () -> cluster.disallow("shop", null)),
				of("SimulatedCluster.trust", "kubelet", () -> cluster.trust(null)),
				of("SimulatedCluster.deletePod", "kubelet", () -> cluster.deletePod(null)),
				of("SimulatedCluster.fault", "fault", () -> cluster.fault(null)));
	}

	Stream<Arguments> entries() {
		EntrySpec entry = new EntrySpec(ID, ID, Instant.EPOCH);
		SimulatedEntries entries = this.server.entries();
		return Stream.of(of("EntrySpec.spiffeId", "spiffeId", () -> entry.spiffeId(null)),
				of("EntrySpec.parentId", "parentId", () -> entry.parentId(null)),
				of("EntrySpec.hint", "hint", () -> entry.hint(null)),
				of("EntrySpec.selectors", "selectors", () -> entry.selectors((String[]) null)),
				of("EntrySpec.dnsNames", "dnsNames", () -> entry.dnsNames((String[]) null)),
				of("EntrySpec.federatesWith", "trustDomains", () -> entry.federatesWith((String[]) null)),
				of("EntrySpec.createdAt", "createdAt", () -> entry.createdAt(null)),
				of("EntrySpec.x509SvidTtl", "ttl", () -> entry.x509SvidTtl((Duration) null)),
				of("EntrySpec.jwtSvidTtl", "ttl", () -> entry.jwtSvidTtl((Duration) null)),
				of("SimulatedEntries.createAlias", "spiffeId",
						() -> entries.createAlias(null, "k8s_psat:cluster:demo")),
				of("SimulatedEntries.create", "parentId", () -> entries.create(null, ID)),
				of("SimulatedEntries.create", "spiffeId", () -> entries.create(ID, null)),
				of("SimulatedEntries.create", "more", () -> entries.create(ID, ID, null)),
				of("SimulatedEntries.change", "id", () -> entries.change(null, (spec) -> spec.admin(true))),
				of("SimulatedEntries.change", "change", () -> entries.change("id", null)),
				of("SimulatedEntries.delete", "id", () -> entries.delete(null)));
	}

	Stream<Arguments> workloadApi() {
		SimulatedWorkloadApiBuilder builder = SimulatedWorkloadApi.builder();
		SimulatedWorkloadApi api = this.api;
		return Stream.of(of("SimulatedWorkloadApiBuilder.server", "server", () -> builder.server(null)),
				of("SimulatedWorkloadApiBuilder.entry", "spiffeId", () -> builder.entry(null)),
				of("SimulatedWorkloadApiBuilder.entry", "more", () -> builder.entry(ID, null)),
				of("SimulatedWorkloadApiBuilder.socket", "socket", () -> builder.socket(null)),
				of("SimulatedWorkloadApiBuilder.syncInterval", "interval", () -> builder.syncInterval(null)),
				of("SimulatedWorkloadApiBuilder.connectionAge", "age",
						() -> builder.connectionAge(null, Duration.ZERO)),
				of("SimulatedWorkloadApiBuilder.connectionAge", "grace",
						() -> builder.connectionAge(Duration.ofSeconds(1), null)),
				of("SimulatedWorkloadApi.addEntry", "spiffeId", () -> api.addEntry(null)),
				of("SimulatedWorkloadApi.changeEntry", "change", () -> api.changeEntry("id", null)),
				of("SimulatedWorkloadApi.removeEntry", "id", () -> api.removeEntry(null)),
				of("SimulatedWorkloadApi.exchangeEntry", "id", () -> api.exchangeEntry(null, ID)),
				of("SimulatedWorkloadApi.exchangeEntry", "spiffeId", () -> api.exchangeEntry("id", null)),
				of("SimulatedWorkloadApi.endStreams", "status", () -> api.endStreams(null)),
				of("SimulatedWorkloadApi.send", "method", () -> api.send(null, new byte[0])),
				of("SimulatedWorkloadApi.send", "message", () -> api.send(WorkloadMethod.FETCH_X509_SVID, null)),
				of("WorkloadFaults.failNext", "method", () -> api.faults().failNext(null, Status.INTERNAL)),
				of("WorkloadFaults.failNext", "status",
						() -> api.faults().failNext(WorkloadMethod.FETCH_X509_SVID, null)),
				of("WorkloadFaults.answerNext", "message",
						() -> api.faults().answerNext(WorkloadMethod.FETCH_X509_SVID, null)),
				of("WorkloadFaults.spoil", "fault", () -> api.faults().spoil(ID, null)),
				of("WorkloadJournal.calls", "method", () -> api.journal().calls(null)));
	}

	Stream<Arguments> servers() {
		return Stream.of(of("SimulatedSpireServer.cluster", "name", () -> this.server.cluster(null)),
				of("SimulatedSpireServer.register", "kubelet", () -> this.server.register(null, "demo")),
				of("SimulatedSpireServer.register", "cluster", () -> this.server.register(this.kubelet, null)),
				of("SimulatedSpireServer.mintX509Svid", "spiffeId", () -> this.server.mintX509Svid(null)),
				of("SimulatedSpireServer.mintX509Svid", "issuedAt",
						() -> this.server.mintX509Svid(ID, null, Duration.ofHours(1))),
				of("SimulatedSpireServer.mintX509Svid", "ttl", () -> this.server.mintX509Svid(ID, Instant.EPOCH, null)),
				of("SvidMint.issuedAt", "issuedAt", () -> this.server.mint().issuedAt(null)),
				of("SvidMint.ttl", "ttl", () -> this.server.mint().ttl(null)),
				of("SvidMint.intermediate", "uri", () -> this.server.mint().intermediate(null)),
				of("SvidMint.keyId", "keyId", () -> this.server.mint().keyId(null)),
				of("SvidMint.x509Svid", "spiffeId", () -> this.server.mint().x509Svid(null)),
				of("SvidMint.jwtSvid", "spiffeId", () -> this.server.mint().jwtSvid(null, "orders")),
				of("SvidMint.jwtSvid", "audiences", () -> this.server.mint().jwtSvid(ID, (String[]) null)),
				of("SimulatedX509Svid.toSslBundle", "trusted",
						() -> this.server.mintX509Svid(ID).toSslBundle((SimulatedSpireServer[]) null)),
				of("SimulatedSpireServer.stop", "host", () -> this.server.stop(null)),
				of("SimulatedTrustBundle.writeTo", "file", () -> this.server.trustBundle().writeTo(null)),
				of("SimulatedTrustBundle.refreshHint", "refreshHint",
						() -> this.server.trustBundle().refreshHint(null)),
				of("ServerJournal.calls", "method", () -> this.server.journal().calls(null)));
	}

	Stream<Arguments> federation() {
		SimulatedFederation federation = this.server.federation();
		FederatedBundle bundle = FederatedBundle.empty("partner.org");
		return Stream.of(of("FederatedBundle.of", "partner", () -> FederatedBundle.of(null)),
				of("FederatedBundle.empty", "trustDomain", () -> FederatedBundle.empty(null)),
				of("FederatedBundle.ofJwks", "trustDomain", () -> FederatedBundle.ofJwks(null, "{}")),
				of("FederatedBundle.ofJwks", "jwks", () -> FederatedBundle.ofJwks("partner.org", null)),
				of("FederatedBundle.ofPem", "trustDomain", () -> FederatedBundle.ofPem(null, "")),
				of("FederatedBundle.ofPem", "pem", () -> FederatedBundle.ofPem("partner.org", null)),
				of("FederatedBundle.withTrustDomain", "trustDomain", () -> bundle.withTrustDomain(null)),
				of("FederatedBundle.withX509Authority", "certificate", () -> bundle.withX509Authority(null)),
				of("FederatedBundle.withJwtAuthority", "keyId", () -> bundle.withJwtAuthority(null, new byte[0])),
				of("FederatedBundle.withJwtAuthority", "publicKey", () -> bundle.withJwtAuthority("a", null)),
				of("FederatedBundle.withRefreshHint", "refreshHint", () -> bundle.withRefreshHint(null)),
				of("SimulatedFederation.set", "partner", () -> federation.set((SimulatedSpireServer) null)),
				of("SimulatedFederation.set", "bundle", () -> federation.set((FederatedBundle) null)),
				of("SimulatedFederation.bundle", "trustDomain", () -> federation.bundle(null)),
				of("SimulatedFederation.follow", "partner", () -> federation.follow(null)),
				of("SimulatedFederation.unfollow", "trustDomain", () -> federation.unfollow(null)),
				of("SimulatedFederation.refresh", "trustDomain", () -> federation.refresh(null)),
				of("SimulatedFederation.unreachable", "trustDomain", () -> federation.unreachable(null, true)),
				of("SimulatedFederation.lastError", "trustDomain", () -> federation.lastError(null)),
				of("SimulatedFederation.delete", "trustDomain", () -> federation.delete(null, BundleDeletion.RESTRICT)),
				of("SimulatedFederation.delete", "mode", () -> federation.delete("partner.org", null)),
				of("SimulatedFaults.federatedBundle", "trustDomain", () -> this.server.faults().federatedBundle(null)));
	}

	Stream<Arguments> agentsAndFaults() {
		SimulatedAgents agents = this.server.agents();
		SimulatedFaults faults = this.server.faults();
		return Stream.of(of("SimulatedAgents.attestations", "agentId", () -> agents.attestations(null)),
				of("SimulatedAgents.activeSerialNumber", "agentId", () -> agents.activeSerialNumber(null)),
				of("SimulatedAgents.evict", "agentId", () -> agents.evict(null)),
				of("SimulatedAgents.ban", "agentId", () -> agents.ban(null)),
				of("SimulatedFaults.failNext", "method", () -> faults.failNext(null, Status.INTERNAL)),
				of("SimulatedFaults.failNext", "status", () -> faults.failNext(SpireMethod.GET_BUNDLE, null)),
				of("SimulatedFaults.failAll", "method", () -> faults.failAll(null, Status.INTERNAL)),
				of("SimulatedFaults.loseNextAnswer", "method", () -> faults.loseNextAnswer(null)));
	}

	Stream<Arguments> arrays() {
		EntrySpec entry = new EntrySpec(ID, ID, Instant.EPOCH);
		String[] nothing = { null };
		return Stream.of(of("EntrySpec.selectors", "selectors", () -> entry.selectors(nothing)),
				of("EntrySpec.dnsNames", "dnsNames", () -> entry.dnsNames(nothing)),
				of("EntrySpec.federatesWith", "trustDomains", () -> entry.federatesWith(nothing)),
				of("SvidMint.jwtSvid", "audiences", () -> this.server.mint().jwtSvid(ID, nothing)),
				of("SimulatedX509Svid.toSslBundle", "trusted",
						() -> this.server.mintX509Svid(ID).toSslBundle((SimulatedSpireServer) null)));
	}

	private static Arguments of(String method, String name, ThrowingCallable call) {
		return Arguments.of(method, name, call);
	}

}
