package dev.psat.spire;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.psat.PsatAttestor;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.JwtSvid;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.client.SpiffeId;
import dev.psat.spire.client.TrustDomain;
import dev.psat.spire.client.X509Svid;
import dev.psat.spire.test.SimulatedCluster;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerBuilder;
import dev.psat.spire.test.SpireMethod;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import io.grpc.Status;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The way to the first SVID, and what keeps it in force.
 */
class SpireIdentityTests {

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().serviceAccount("shop", "orders").build();

	private final List<String> told = new CopyOnWriteArrayList<>();

	private @TempDir Path directory;

	private @Nullable SimulatedSpireServer server;

	private @Nullable TokenSource source;

	private @Nullable SpireIdentity identity;

	@AfterEach
	void close() {
		if (this.identity != null) {
			this.identity.close();
		}
		if (this.source != null) {
			this.source.close();
		}
		if (this.server != null) {
			this.server.close();
		}
		this.kubelet.close();
	}

	@Test
	void firstSvidIsObtainedInTheBackground() throws IOException {
		SpireIdentity identity = start(serve(workload()));
		awaitState(SpireState.READY);
		X509Svid svid = identity.x509Svid();
		assertThat(svid.spiffeId()).hasToString(ORDERS);
		assertThat(svid.chainsToUntainted(identity.trustBundle(), Instant.now())).isTrue();
		SpireStatus status = identity.status();
		assertThat(status.agentId()).isNotNull();
		assertThat(status.candidates()).isEqualTo(1);
		assertThat(status.clockSkew()).isZero();
		assertThat(status.lastError()).isNull();
		assertThat(status.svid()).satisfies((shown) -> {
			assertThat(shown.id()).isEqualTo(svid.spiffeId());
			assertThat(shown.serialNumber()).isEqualTo(svid.serialNumber());
			assertThat(shown.generation()).isEqualTo(1);
			assertThat(shown.renewalDueAt()).isBetween(shown.issuedAt(), shown.expiresAt());
		});
		assertThat(status.trustBundle()).satisfies((shown) -> assertThat(shown.refreshedAt()).isNotNull());
		await().untilAsserted(() -> assertThat(this.told).containsSubsequence("refreshed success", "attested success",
				"renewed success"));
		assertThat(server().journal().lastAgentVersion()).startsWith("psat-spring-boot");
		assertThat(server().journal().calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
	}

	@Test
	void nothingIsSentBeforeTheStart() throws IOException {
		SpireIdentity identity = build(serve(workload()), builder());
		assertThat(identity.status().state()).isEqualTo(SpireState.STARTING);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(identity::x509Svid)
			.satisfies((ex) -> assertThat(ex.state()).isEqualTo(SpireState.STARTING));
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(identity::trustBundle);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity.jwtSvid("a"));
		assertThat(server().journal().connections()).isZero();
	}

	@Test
	void jwtSvidIsWaitedForFromTheStartOn() throws IOException {
		assertThat(start(serve(workload())).jwtSvid("bank").spiffeId()).hasToString(ORDERS);
	}

	@Test
	void stopEndsTheWaitForAJwtSvid() throws IOException {
		this.kubelet.removeToken();
		SpireIdentity identity = start(serve(workload()));
		FutureTask<JwtSvid> call = new FutureTask<>(() -> identity.jwtSvid("bank"));
		Thread thread = new Thread(call);
		thread.start();
		await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
		identity.stop();
		assertThat(call).failsWithin(Duration.ofSeconds(5))
			.withThrowableOfType(ExecutionException.class)
			.withCauseExactlyInstanceOf(SvidUnavailableException.class);
	}

	@Test
	void tokenThatComesLateIsUsedAtOnce() throws IOException {
		this.kubelet.removeToken();
		start(serve(workload()));
		awaitReason("TOKEN_UNAVAILABLE");
		assertThat(identity().status().state()).isEqualTo(SpireState.ATTESTING);
		this.kubelet.rotate();
		awaitState(SpireState.READY);
	}

	@Test
	void missingEntryIsWaitedFor() throws IOException {
		SimulatedSpireServer server = serve(SimulatedSpireServer.builder()
			.cluster(SimulatedCluster.named("demo").usePodIds().allow("shop", "orders").trust(this.kubelet)));
		start(server);
		awaitState(SpireState.WAITING_FOR_ENTRY);
		assertThat(identity().status().lastError()).isNull();
		await().untilAsserted(() -> assertThat(identity().status().candidates()).isZero());
		server.register(this.kubelet, "demo");
		awaitState(SpireState.READY);
	}

	@Test
	void missingEntryIsPolledForByOneCallEach() throws IOException {
		SimulatedSpireServer server = serve(SimulatedSpireServer.builder()
			.cluster(SimulatedCluster.named("demo").usePodIds().allow("shop", "orders").trust(this.kubelet)));
		start(server);
		await().until(() -> server.journal().calls(SpireMethod.GET_AUTHORIZED_ENTRIES) >= 3);
		assertThat(server.journal().calls(SpireMethod.GET_BUNDLE)).isEqualTo(1);
	}

	@Test
	void severalIdsAreLeftToTheApplication() throws IOException {
		SimulatedSpireServer server = serve(workload());
		String alias = "spiffe://example.org/k8s/demo/ns/shop/sa/orders";
		server.entries().create(alias, "spiffe://example.org/other", (entry) -> entry.selectors("k8s:ns:shop"));
		server.entries().reload();
		start(server);
		awaitReason("AMBIGUOUS_ENTRY");
		assertThat(identity().status()).satisfies((status) -> {
			assertThat(status.state()).isEqualTo(SpireState.WAITING_FOR_ENTRY);
			assertThat(status.candidates()).isEqualTo(2);
			assertThat(lastError().message()).contains(ORDERS, "spiffe://example.org/other");
		});
		identity().close();
		start(server, builder().spiffeId(SpiffeId.parse("spiffe://example.org/other")));
		awaitState(SpireState.READY);
		assertThat(identity().x509Svid().spiffeId()).hasToString("spiffe://example.org/other");
	}

	@Test
	void anotherEntryDoesNotReplaceTheOneInForceThatIsMissing() throws IOException {
		SimulatedSpireServer server = serve(SimulatedSpireServer.builder()
			.cluster(SimulatedCluster.named("demo").usePodIds().allow("shop", "orders").trust(this.kubelet)));
		String orders = server.register(this.kubelet, "demo");
		start(server, builder().refreshInterval(Duration.ofMillis(100)));
		awaitState(SpireState.READY);
		server.entries().create(agentId(), "spiffe://example.org/other", (entry) -> entry.selectors("k8s:ns:shop"));
		server.entries().delete(orders);
		server.entries().reload();
		int looks = server.journal().calls(SpireMethod.GET_AUTHORIZED_ENTRIES);
		await().until(() -> server.journal().calls(SpireMethod.GET_AUTHORIZED_ENTRIES) >= looks + 3);
		assertThat(identity().status().candidates()).isEqualTo(1);
		assertThat(identity().x509Svid().spiffeId()).hasToString(ORDERS);
		assertThat(generation()).isEqualTo(1);
		server.entries()
			.create("spiffe://example.org/k8s/demo/ns/shop/sa/orders", ORDERS,
					(entry) -> entry.selectors("k8s:ns:shop"));
		await().until(() -> generation() == 2);
		assertThat(identity().x509Svid().spiffeId()).hasToString(ORDERS);
	}

	@Test
	void identityOfTheNodeIsRefusedAfterOneAttestation() throws IOException {
		SimulatedSpireServer server = serve(SimulatedSpireServer.builder()
			.cluster(SimulatedCluster.named("demo").allow("shop", "orders").trust(this.kubelet)));
		server.register(this.kubelet, "demo");
		start(server, builder().refreshInterval(Duration.ofMillis(100)));
		awaitState(SpireState.NODE_IDENTITY);
		assertThat(lastError().advice()).contains("use_pod_uid_for_agent_id", "shop:orders");
		Awaitility.await().until(() -> server.journal().calls(SpireMethod.GET_BUNDLE) > 5);
		assertThat(server.journal().calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		assertThat(server.journal().calls(SpireMethod.GET_AUTHORIZED_ENTRIES)).isZero();
		identity().close();
		start(server, builder().allowNodeIdentity(true));
		awaitState(SpireState.READY);
	}

	@Test
	void refusedServiceAccountIsToldByName() throws IOException {
		SimulatedSpireServer server = serve(workload());
		server.cluster("demo").disallow("shop", "orders");
		start(server);
		awaitReason(FailureReason.SERVICE_ACCOUNT_NOT_ALLOWED.name());
		assertThat(lastError().advice()).contains("\"shop:orders\"");
		assertThat(identity().status().state()).isEqualTo(SpireState.ATTESTING);
		assertThat(this.told).contains("attested service-account-not-allowed");
		server.cluster("demo").allow("shop", "orders");
		awaitState(SpireState.READY);
	}

	@Test
	void serverMayComeLate() throws IOException {
		SimulatedSpireServer server = serve(workload());
		server.stop();
		start(server);
		awaitReason(FailureReason.UNREACHABLE.name());
		server.restart();
		awaitState(SpireState.READY);
	}

	@Test
	void svidIsRenewedAtHalfOfItsLife() throws IOException {
		start(serve(workload().x509SvidTtl(Duration.ofSeconds(4))));
		awaitState(SpireState.READY);
		X509Svid first = identity().x509Svid();
		await().until(() -> generation() == 2);
		X509Svid second = identity().x509Svid();
		assertThat(second.serialNumber()).isNotEqualTo(first.serialNumber());
		assertThat(second.leaf().getPublicKey()).isNotEqualTo(first.leaf().getPublicKey());
		assertThat(Duration.between(first.issuedAt(), second.issuedAt())).isBetween(Duration.ofSeconds(1),
				Duration.ofSeconds(3));
		assertThat(server().journal().calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
	}

	@Test
	void evictedAgentAttestsWhenItNeedsTo() throws IOException {
		SimulatedSpireServer server = serve(workload());
		start(server, builder().refreshInterval(Duration.ofMillis(100)));
		awaitState(SpireState.READY);
		server.agents().evict(agentId());
		int refreshes = server.journal().calls(SpireMethod.GET_BUNDLE);
		await().until(() -> server.journal().calls(SpireMethod.GET_BUNDLE) > refreshes + 5);
		assertThat(server.journal().calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		JwtSvid svid = identity().jwtSvid("billing", "stock");
		assertThat(svid.spiffeId()).hasToString(ORDERS);
		assertThat(svid.audience()).containsExactlyInAnyOrder("billing", "stock");
		assertThat(server.journal().calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
		assertThat(identity().jwtSvid("stock", "billing")).isSameAs(svid);
		assertThat(server.journal().calls(SpireMethod.NEW_JWT_SVID)).isLessThanOrEqualTo(2);
	}

	@Test
	void bannedAgentIsDownAndItsSvidServes() throws IOException {
		SimulatedSpireServer server = serve(workload());
		start(server, builder().refreshInterval(Duration.ofMillis(100)));
		awaitState(SpireState.READY);
		server.agents().ban(agentId());
		awaitState(SpireState.BANNED);
		assertThat(identity().x509Svid().spiffeId()).hasToString(ORDERS);
		int refreshes = server.journal().calls(SpireMethod.GET_BUNDLE);
		await().until(() -> server.journal().calls(SpireMethod.GET_BUNDLE) > refreshes + 3);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity().jwtSvid("a"))
			.satisfies((ex) -> assertThat(ex.state()).isEqualTo(SpireState.BANNED));
		assertThat(server.journal().calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
	}

	@Test
	void stoppedIdentityServesAndStartsAgain() throws IOException {
		SimulatedSpireServer server = serve(workload());
		start(server);
		awaitState(SpireState.READY);
		X509Svid svid = identity().x509Svid();
		identity().stop();
		assertThat(identity().x509Svid()).isSameAs(svid);
		assertThat(identity().status().state()).isEqualTo(SpireState.READY);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity().jwtSvid("a"));
		identity().start();
		assertThat(identity().jwtSvid("a").spiffeId()).hasToString(ORDERS);
		identity().close();
		assertThatIllegalStateException().isThrownBy(identity()::start);
		assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.noneMatch((name) -> name.equals("psat-spire"));
	}

	@Test
	void wholeRotationOfTheAuthorityIsLivedThrough() throws IOException {
		SimulatedSpireServer server = serve(workload());
		start(server, builder().refreshInterval(Duration.ofMillis(100)));
		awaitState(SpireState.READY);
		List<SpireState> states = new CopyOnWriteArrayList<>();
		identity().addObserver(new SpireObserver() {

			@Override
			public void changed(SpireStatus previous, SpireStatus current) {
				states.add(current.state());
			}

		});
		server.authority().prepare();
		await().until(() -> identity().trustBundle().x509Authorities().size() == 2);
		server.authority().activate();
		server.authority().taint();
		await().until(() -> generation() == 2);
		assertThat(identity().x509Svid().chainsToUntainted(identity().trustBundle(), Instant.now())).isTrue();
		assertThat(server.journal().calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
		server.authority().revoke();
		await().until(() -> identity().trustBundle().x509Authorities().size() == 1);
		assertThat(identity().jwtSvid("billing").spiffeId()).hasToString(ORDERS);
		assertThat(identity().x509Svid().chainsTo(identity().trustBundle(), Instant.now())).isTrue();
		assertThat(states).containsOnly(SpireState.READY);
	}

	@Test
	void answersThatAreLostAreNoContest() throws IOException {
		SimulatedSpireServer server = serve(workload().agentTtl(Duration.ofSeconds(4)));
		start(server, builder().refreshInterval(Duration.ofMillis(100)));
		awaitState(SpireState.READY);
		for (int lost = 1; lost <= 3; lost++) {
			int attestations = server.journal().calls(SpireMethod.ATTEST_AGENT);
			server.faults().loseNextAnswer(SpireMethod.ATTEST_AGENT);
			await().until(() -> server.journal().calls(SpireMethod.ATTEST_AGENT) > attestations);
		}
		await().until(() -> identity().status().lastError() == null);
		assertThat(identity().status().state()).isEqualTo(SpireState.READY);
		assertThat(identity().jwtSvid("billing").spiffeId()).hasToString(ORDERS);
	}

	@Test
	void expiredAgentIsReplacedInTheVisitThatMeetsIt() throws IOException {
		SimulatedSpireServer server = serve(workload().agentTtl(Duration.ofSeconds(3)));
		start(server, builder().refreshInterval(Duration.ofMillis(200)));
		awaitState(SpireState.READY);
		server.faults().failAll(SpireMethod.ATTEST_AGENT, Status.INTERNAL.withDescription("failed to fetch agent"));
		awaitReason(FailureReason.DATASTORE_FAILED.name());
		await().until(() -> identity().status().agentExpiresAt() == null);
		assertThat(identity().status().state()).isEqualTo(SpireState.READY);
		server.faults().failAll(SpireMethod.ATTEST_AGENT, null);
		await().until(() -> identity().status().agentExpiresAt() != null);
		assertThat(generation()).isEqualTo(1);
	}

	@Test
	void attestorThatThrowsWhatNobodyDeclaredEndsNothing() throws IOException {
		AtomicBoolean failing = new AtomicBoolean(true);
		builder();
		PsatAttestor attestor = PsatAttestor.of("demo", Objects.requireNonNull(this.source), List.of("spire-server"));
		start(serve(workload()), SpireIdentity.builder(() -> {
			if (failing.getAndSet(false)) {
				throwUnchecked(new IOException("secret"));
			}
			return attestor.payload();
		}));
		awaitReason("UNEXPECTED");
		assertThat(lastError().message()).contains("java.io.IOException").doesNotContain("secret");
		assertThat(this.told).contains("attested unexpected");
		awaitState(SpireState.READY);
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void throwUnchecked(Throwable throwable) throws T {
		throw (T) throwable;
	}

	private SimulatedSpireServerBuilder workload() {
		return SimulatedSpireServer.builder().workload(this.kubelet, "demo");
	}

	private SimulatedSpireServer serve(SimulatedSpireServerBuilder builder) {
		SimulatedSpireServer server = builder.limitAttestations(false).entryCacheReload(Duration.ofMillis(200)).build();
		this.server = server;
		return server;
	}

	private SpireIdentityBuilder builder() {
		if (this.source == null) {
			this.source = TokenSource.builder(this.kubelet.tokenPath())
				.audience("spire-server")
				.pollInterval(Duration.ofMillis(200))
				.build();
			this.source.start();
		}
		return SpireIdentity.builder(PsatAttestor.of("demo", this.source, List.of("spire-server")))
			.tokenSource(this.source);
	}

	private SpireIdentity build(SimulatedSpireServer server, SpireIdentityBuilder builder) throws IOException {
		Path bundle = this.directory.resolve("bundle.jwks");
		server.trustBundle().writeTo(bundle);
		SpireIdentity identity = builder.server(ServerAddress.parse(server.address()))
			.trustDomain(TrustDomain.of(server.trustDomain()))
			.trustBundle(bundle)
			.build();
		identity.addObserver(new SpireObserver() {

			@Override
			public void attested(String outcome, Duration time) {
				SpireIdentityTests.this.told.add("attested " + outcome);
			}

			@Override
			public void renewed(String outcome) {
				SpireIdentityTests.this.told.add("renewed " + outcome);
			}

			@Override
			public void refreshed(String outcome) {
				SpireIdentityTests.this.told.add("refreshed " + outcome);
			}

		});
		this.identity = identity;
		return identity;
	}

	private SpireIdentity start(SimulatedSpireServer server) throws IOException {
		return start(server, builder());
	}

	private SpireIdentity start(SimulatedSpireServer server, SpireIdentityBuilder builder) throws IOException {
		SpireIdentity identity = build(server, builder);
		identity.start();
		return identity;
	}

	private SpireStatus.LastError lastError() {
		return Objects.requireNonNull(identity().status().lastError());
	}

	private String agentId() {
		return Objects.requireNonNull(identity().status().agentId()).toString();
	}

	private long generation() {
		SpireStatus.Svid svid = identity().status().svid();
		return (svid != null) ? svid.generation() : 0;
	}

	private void awaitState(SpireState state) {
		await().untilAsserted(
				() -> assertThat(identity().status().state()).as(identity().status().toString()).isEqualTo(state));
	}

	private void awaitReason(String reason) {
		await().untilAsserted(() -> assertThat(identity().status().lastError()).isNotNull()
			.satisfies((error) -> assertThat(error.reason()).isEqualTo(reason)));
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
	}

	private SimulatedSpireServer server() {
		assertThat(this.server).isNotNull();
		return this.server;
	}

	private SpireIdentity identity() {
		assertThat(this.identity).isNotNull();
		return this.identity;
	}

}
