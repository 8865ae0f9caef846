package dev.psat.spire.test;

import java.time.Duration;

import dev.psat.spire.test.proto.Entry;
import dev.psat.test.SimulatedKubelet;
import io.grpc.Status;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SimulatedFederation#delete(String, BundleDeletion)}.
 */
class BundleDeletionTests {

	private static final String PARTNER = "partner.org";

	private static final String OTHER = "other.org";

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.workload(this.kubelet)
		.entryCacheReload(Duration.ofHours(1))
		.build();

	@AutoClose
	private final SimulatedSpireServer eventsBased = SimulatedSpireServer.builder()
		.workload(this.kubelet)
		.entryCacheReload(Duration.ofHours(1))
		.eventsBasedCache()
		.build();

	@AutoClose
	private final TestClient client = attested(this.server);

	@AutoClose
	private final TestClient eventsBasedClient = attested(this.eventsBased);

	private TestClient attested(SimulatedSpireServer server) {
		TestSvid agent = TestClient.attest(server, this.kubelet.token());
		return TestClient.of(server, agent);
	}

	@BeforeEach
	void federate() {
		federate(this.server);
		federate(this.eventsBased);
	}

	private void federate(SimulatedSpireServer server) {
		server.federation().set(FederatedBundle.empty(PARTNER));
		server.federation().set(FederatedBundle.empty(OTHER));
		server.entries()
			.change(server.register(this.kubelet, "simulated"), (entry) -> entry.federatesWith(PARTNER, OTHER));
		server.entries().reload();
	}

	@Test
	void deletionIsRefusedWhileAnEntryFederates() {
		SimulatedFederation federation = this.server.federation();
		assertThatIllegalStateException().isThrownBy(() -> federation.delete(PARTNER, BundleDeletion.RESTRICT))
			.withMessage("cannot delete bundle; federated with 1 registration entries");
		assertThat(this.client.federatedBundle(PARTNER).getTrustDomain()).isEqualTo(PARTNER);
		this.server.entries()
			.change(this.server.register(this.kubelet, "simulated"), (entry) -> entry.federatesWith(OTHER));
		federation.delete(PARTNER, BundleDeletion.RESTRICT);
		assertNotFound(this.client);
	}

	@Test
	void dissociatedEntryKeepsItsRevisionAndShowsItAfterReload() {
		Entry before = entry(this.client);
		this.server.federation().delete(PARTNER, BundleDeletion.DISSOCIATE);
		assertNotFound(this.client);
		assertThat(entry(this.client)).isEqualTo(before);
		this.server.entries().reload();
		assertThat(entry(this.client))
			.isEqualTo(before.toBuilder().clearFederatesWith().addFederatesWith(OTHER).build());
	}

	@Test
	void deletedEntryIsListedUntilReload() {
		Entry before = entry(this.client);
		this.server.federation().delete(PARTNER, BundleDeletion.DELETE);
		assertNotFound(this.client);
		assertThat(entry(this.client)).isEqualTo(before);
		assertThat(this.client.x509Svid(before.getId()).id()).endsWith(before.getSpiffeId().getPath());
		this.server.entries().reload();
		assertThat(this.client.entries()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "DISSOCIATE", "DELETE" })
	void deletionIsNoEventForTheCache(BundleDeletion mode) {
		Entry before = entry(this.eventsBasedClient);
		this.eventsBased.federation().delete(PARTNER, mode);
		this.eventsBased.entries().reload();
		assertNotFound(this.eventsBasedClient);
		assertThat(entry(this.eventsBasedClient)).isEqualTo(before);
	}

	@Test
	void nextChangeOfADissociatedEntryIsAnEventForTheCache() {
		this.eventsBased.federation().delete(PARTNER, BundleDeletion.DISSOCIATE);
		this.eventsBased.entries()
			.change(this.eventsBased.register(this.kubelet, "simulated"), (entry) -> entry.hint("changed"));
		this.eventsBased.entries().reload();
		assertThat(entry(this.eventsBasedClient)).satisfies((entry) -> {
			assertThat(entry.getHint()).isEqualTo("changed");
			assertThat(entry.getFederatesWithList()).containsExactly(OTHER);
		});
	}

	@Test
	void creationAndDeletionOfEntriesAreEventsForTheCache() {
		String id = this.eventsBased.entries()
			.create("spiffe://example.org/ns/default/sa/default", "spiffe://example.org/below");
		this.eventsBased.entries().reload();
		assertThat(this.eventsBasedClient.entries()).hasSize(2);
		this.eventsBased.entries().delete(id);
		assertThat(this.eventsBasedClient.entries()).hasSize(2);
		this.eventsBased.entries().reload();
		assertThat(this.eventsBasedClient.entries()).hasSize(1);
	}

	@Test
	void unknownBundleCannotBeDeleted() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.server.federation().delete("unknown.org", BundleDeletion.RESTRICT));
	}

	private static Entry entry(TestClient client) {
		assertThat(client.entries()).hasSize(1);
		return client.entries().get(0);
	}

	private static void assertNotFound(TestClient client) {
		assertThat(TestClient.status(() -> client.federatedBundle(PARTNER)).getCode()).isEqualTo(Status.Code.NOT_FOUND);
		assertThat(client.federatedBundle(OTHER).getTrustDomain()).isEqualTo(OTHER);
	}

}
