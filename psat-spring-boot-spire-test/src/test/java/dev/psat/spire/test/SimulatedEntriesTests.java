package dev.psat.spire.test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.psat.spire.test.proto.Entry;
import dev.psat.spire.test.proto.EntryMask;
import dev.psat.spire.test.proto.GetAuthorizedEntriesRequest;
import dev.psat.spire.test.proto.Selector;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SimulatedEntries}.
 */
class SimulatedEntriesTests {

	private static final String WORKLOAD = "spiffe://example.org/workload";

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().serviceAccount("shop", "orders").build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.entryCacheReload(Duration.ofHours(1))
		.limitAttestations(false)
		.workload(this.kubelet)
		.build();

	private final TestSvid agent = TestClient.attest(this.server, this.kubelet.token());

	@AutoClose
	private final TestClient client = TestClient.of(this.server, this.agent);

	@Test
	void aliasCountsFromNextReloadOn() {
		assertThat(this.client.entries()).isEmpty();
		this.server.entries().reload();
		assertThat(this.client.entries()).singleElement().satisfies((entry) -> {
			assertThat(entry.getSpiffeId().getPath()).isEqualTo("/ns/shop/sa/orders");
			assertThat(entry.getHint()).isEqualTo("orders");
			assertThat(entry.getSelectorsList()).containsExactly(selector("ns:shop"), selector("sa:orders"));
		});
	}

	private static Selector selector(String value) {
		return Selector.newBuilder().setType("k8s").setValue(value).build();
	}

	@Test
	void entryBelowAgentItselfIsThereAtOnceOnceItIsCached() {
		String agentId = this.agent.id();
		this.server.agents().evict(agentId);
		String id = this.server.entries().create(agentId, WORKLOAD);
		this.server.entries().reload();
		TestSvid again = TestClient.attest(this.server, this.kubelet.token());
		try (TestClient fresh = TestClient.of(this.server, again)) {
			assertThat(fresh.entries()).extracting(Entry::getId).containsExactly(id);
			assertThat(fresh.x509Svid(id).id()).isEqualTo(WORKLOAD);
		}
	}

	@Test
	void entriesBelowEntriesBelongToTheAgentToo() {
		this.server.entries().create(WORKLOAD, "spiffe://example.org/below");
		this.server.entries().create(this.agent.id(), WORKLOAD);
		this.server.entries().create("spiffe://example.org/elsewhere", "spiffe://example.org/theirs");
		this.server.entries().reload();
		assertThat(paths()).containsExactlyInAnyOrder("/ns/shop/sa/orders", "/workload", "/below");
	}

	@Test
	void aliasWithASelectorThatAgentDoesNotHaveIsNotItsOwn() {
		this.server.entries()
			.createAlias("spiffe://example.org/alias", "k8s_psat:agent_ns:shop", "k8s_psat:agent_sa:billing");
		this.server.entries().create("spiffe://example.org/alias", WORKLOAD);
		this.server.entries().reload();
		assertThat(paths()).containsExactly("/ns/shop/sa/orders");
	}

	@Test
	void changeIsSeenAfterReloadWithAnotherRevision() {
		String id = this.server.entries().create(this.agent.id(), WORKLOAD, (entry) -> entry.hint("first"));
		this.server.entries().reload();
		Entry first = entry(id);
		this.server.entries().change(id, (entry) -> entry.hint("second"));
		assertThat(entry(id)).isEqualTo(first);
		this.server.entries().reload();
		assertThat(entry(id)).isEqualTo(first.toBuilder().setHint("second").setRevisionNumber(1).build());
	}

	@Test
	void deletedEntryIsGoneAfterReload() {
		String id = this.server.entries().create(this.agent.id(), WORKLOAD);
		this.server.entries().reload();
		this.server.entries().delete(id);
		assertThat(this.client.x509Svid(id).id()).isEqualTo(WORKLOAD);
		this.server.entries().reload();
		assertThat(this.client.x509Svid(id, TestCsr.of(Certificates.newKeyPair())).getStatus().getMessage())
			.isEqualTo("entry not found or not authorized");
		assertThatIllegalArgumentException().isThrownBy(() -> this.server.entries().delete(id));
		assertThatIllegalArgumentException().isThrownBy(() -> this.server.entries().change(id, (entry) -> {
		}));
	}

	@Test
	void entrySaysWhatItWasTold() {
		this.server.federation().set(FederatedBundle.empty("other.example"));
		Instant createdAt = Instant.parse("2026-01-02T03:04:05Z");
		String id = this.server.entries()
			.create(this.agent.id(), WORKLOAD,
					(entry) -> entry.hint("hint")
						.selectors("k8s:ns:shop", "malformed")
						.admin(true)
						.downstream(true)
						.storeSvid(true)
						.federatesWith("other.example")
						.createdAt(createdAt)
						.revisionNumber(7)
						.jwtSvidIncludeJti(true));
		this.server.entries().reload();
		Entry entry = entry(id);
		assertThat(entry.getHint()).isEqualTo("hint");
		assertThat(entry.getSelectorsList()).extracting(Selector::getType).containsExactly("k8s", "");
		assertThat(List.of(entry.getAdmin(), entry.getDownstream(), entry.getStoreSvid())).containsOnly(true);
		assertThat(entry.getFederatesWithList()).containsExactly("other.example");
		assertThat(entry.getCreatedAt()).isEqualTo(createdAt.getEpochSecond());
		assertThat(entry.getRevisionNumber()).isEqualTo(7);
		assertThat(entry.getAdditionalAttributes().getJwtSvidIncludeJti()).isTrue();
	}

	@Test
	void malformedIdIsPassedOn() {
		String id = this.server.entries().create(this.agent.id(), "no ID");
		this.server.entries().reload();
		assertThat(entry(id).getSpiffeId().getTrustDomain()).isEqualTo("no ID");
		assertThat(this.client.x509Svid(id, TestCsr.of(Certificates.newKeyPair())).getStatus().getMessage())
			.isEqualTo("entry has malformed SPIFFE ID");
	}

	@Test
	void maskLeavesOutWhatItDoesNotName() {
		this.server.entries().reload();
		Entry whole = this.client.entries().get(0);
		EntryMask mask = EntryMask.newBuilder().setHint(true).build();
		Entry masked = this.client
			.call(SpireMethods.GET_AUTHORIZED_ENTRIES,
					GetAuthorizedEntriesRequest.newBuilder().setOutputMask(mask).build())
			.getEntries(0);
		assertThat(masked).isEqualTo(Entry.newBuilder().setId(whole.getId()).setHint("orders").build());
	}

	@Test
	void cacheIsReloadedByItself() {
		try (SimulatedSpireServer quick = SimulatedSpireServer.builder()
			.entryCacheReload(Duration.ofMillis(50))
			.workload(this.kubelet)
			.build(); TestClient quickClient = TestClient.of(quick, TestClient.attest(quick, this.kubelet.token()))) {
			await().until(quickClient::entries, (entries) -> entries.size() == 1);
		}
	}

	@Test
	void podsOfOneServiceAccountShareAliasAndEntry() {
		try (SimulatedKubelet second = SimulatedKubelet.builder().serviceAccount("shop", "orders").build()) {
			this.server.entries().reload();
			String first = this.client.entries().get(0).getId();
			assertThat(this.server.register(second, "simulated")).isEqualTo(first);
			TestSvid secondAgent = TestClient.attest(this.server, second.token());
			this.server.entries().reload();
			try (TestClient secondClient = TestClient.of(this.server, secondAgent)) {
				assertThat(secondClient.entries()).extracting(Entry::getId).containsExactly(first);
				assertThat(this.client.entries()).hasSize(1);
			}
		}
	}

	private Entry entry(String id) {
		return this.client.entries().stream().filter((entry) -> entry.getId().equals(id)).findFirst().orElseThrow();
	}

	private List<String> paths() {
		return this.client.entries().stream().map((entry) -> entry.getSpiffeId().getPath()).toList();
	}

}
