package dev.psat.spire.test;

import java.time.Duration;
import java.util.List;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.Entry;
import dev.psat.spire.test.proto.JWTKey;
import dev.psat.test.SimulatedKubelet;
import io.grpc.Status;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link SimulatedFederation} and the answers to agents.
 */
class SimulatedFederationTests {

	private static final String PARTNER = "partner.org";

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().serviceAccount("shop", "orders").build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.workload(this.kubelet)
		.entryCacheReload(Duration.ZERO)
		.limitAttestations(false)
		.build();

	@AutoClose
	private final SimulatedSpireServer partner = SimulatedSpireServer.builder().trustDomain(PARTNER).build();

	private final SimulatedFederation federation = this.server.federation();

	private final TestSvid agent = TestClient.attest(this.server, this.kubelet.token());

	@AutoClose
	private final TestClient client = TestClient.of(this.server, this.agent);

	@AutoClose
	private final TestClient ofPartner = TestClient.anonymous(this.partner);

	@ParameterizedTest
	@ValueSource(strings = { PARTNER, "spiffe://partner.org", "spiffe://partner.org/x" })
	void bundleIsAnsweredWhateverTheEntriesFederateWith(String name) {
		this.federation.set(this.partner);
		assertThat(this.client.entries()).allSatisfy((entry) -> assertThat(entry.getFederatesWithList()).isEmpty());
		Bundle actual = this.client.federatedBundle(name);
		Bundle expected = this.ofPartner.bundle();
		assertThat(actual.getTrustDomain()).isEqualTo(PARTNER);
		assertThat(actual.getX509AuthoritiesList()).isEqualTo(expected.getX509AuthoritiesList());
		assertThat(actual.getJwtAuthoritiesList())
			.containsExactly(expected.getJwtAuthorities(0).toBuilder().clearExpiresAt().build());
		assertThat(this.server.journal().federatedBundles()).containsExactly(PARTNER);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					''                       | trust domain argument is not valid: trust domain is missing
					Partner.org              | trust domain argument is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores
					spiffe://Partner.org/x   | trust domain argument is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores
					spiffe:/partner.org      | trust domain argument is not valid: scheme is missing or invalid
					spiffe://                | trust domain argument is not valid: trust domain is missing
					example.org              | getting a federated bundle for the server's own trust domain is not allowed
					spiffe://example.org/own | getting a federated bundle for the server's own trust domain is not allowed
					""")
	void nameThatIsNotThatOfAnotherTrustDomainIsRefused(String name, String message) {
		this.federation.set(this.partner);
		Status refusal = TestClient.status(() -> this.client.federatedBundle(name));
		assertThat(refusal.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
		assertThat(refusal.getDescription()).isEqualTo(message);
	}

	@Test
	void unknownBundleIsNotFound() {
		this.federation.set(this.partner);
		Status refusal = TestClient.status(() -> this.client.federatedBundle("other.org"));
		assertThat(refusal.getCode()).isEqualTo(Status.Code.NOT_FOUND);
		assertThat(refusal.getDescription()).isEqualTo("bundle not found");
	}

	@Test
	void nobodyAndEvictedAndBannedAgentsAreDenied() {
		this.federation.set(this.partner);
		try (TestClient nobody = TestClient.anonymous(this.server)) {
			assertDenied(nobody);
		}
		this.server.agents().ban(this.agent.id());
		assertDenied(this.client);
		this.server.agents().evict(this.agent.id());
		assertDenied(this.client);
		assertThat(this.server.journal().federatedBundles()).isEmpty();
	}

	private static void assertDenied(TestClient client) {
		Status denial = TestClient.status(() -> client.federatedBundle(PARTNER));
		assertThat(denial.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
		assertThat(denial.getDescription())
			.isEqualTo("authorization denied for method /spire.api.server.bundle.v1.Bundle/GetFederatedBundle");
	}

	@Test
	void sequenceNumberAndHintAreThoseOfWhatIsSetLast() {
		this.partner.trustBundle().refreshHint(Duration.ofMinutes(5));
		for (long number : new long[] { 7, 3, 0, -1 }) {
			this.partner.trustBundle().sequenceNumber(number);
			this.federation.set(this.partner);
			assertThat(this.client.federatedBundle(PARTNER).getSequenceNumber()).isEqualTo(number);
		}
		assertThat(this.client.federatedBundle(PARTNER).getRefreshHint()).isEqualTo(300);
	}

	@Test
	void whatIsSetByHandDoesNotFollow() {
		this.federation.set(this.partner);
		Bundle before = this.client.federatedBundle(PARTNER);
		this.partner.authority().rotate();
		assertThat(this.client.federatedBundle(PARTNER)).isEqualTo(before);
		assertThat(this.federation.trustDomains()).containsExactly(PARTNER);
	}

	@Test
	void taintedAuthorityIsNotToldApart() {
		this.partner.authority().rotate();
		this.partner.authority().taint();
		this.federation.set(this.partner);
		assertThat(this.client.federatedBundle(PARTNER).getX509AuthoritiesList()).hasSize(2)
			.allSatisfy((authority) -> assertThat(authority.getTainted()).isFalse());
	}

	@Test
	void authorityThatNobodyCanReadIsPassedOn() {
		this.federation.set(FederatedBundle.of(this.partner)
			.withX509Authority(new byte[] { 1, 2, 3 })
			.withJwtAuthority("garbage", new byte[] { 4, 5 }));
		Bundle answer = this.client.federatedBundle(PARTNER);
		assertThat(answer.getX509AuthoritiesList()).hasSize(2)
			.last()
			.extracting((authority) -> authority.getAsn1())
			.isEqualTo(ByteString.copyFrom(new byte[] { 1, 2, 3 }));
		assertThat(answer.getJwtAuthoritiesList()).extracting(JWTKey::getPublicKey)
			.contains(ByteString.copyFrom(new byte[] { 4, 5 }));
	}

	@Test
	void ownTrustDomainCannotBeSet() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.federation.set(this.server));
		assertThat(this.federation.trustDomains()).isEmpty();
	}

	@Test
	void serverFederatesWithAnotherWithAllItsEntries() {
		String other = this.server.entries()
			.create("spiffe://example.org/ns/shop/sa/orders", "spiffe://example.org/below");
		this.server.federation().set(FederatedBundle.empty("other.org"));
		this.server.entries().change(other, (entry) -> entry.federatesWith("other.org"));
		this.server.federateWith(this.partner);
		this.server.federateWith(this.partner);
		assertThat(this.client.entries())
			.extracting((entry) -> List.copyOf(entry.getFederatesWithList()), Entry::getRevisionNumber)
			.containsExactly(tuple(List.of(PARTNER), 1L), tuple(List.of("other.org", PARTNER), 2L));
		this.partner.authority().rotate();
		assertThat(this.client.federatedBundle(PARTNER).getX509AuthoritiesCount()).isEqualTo(2);
	}

	@Test
	void workloadsOfABuilderThatFederatesDoSo() {
		try (SimulatedSpireServer federated = SimulatedSpireServer.builder()
			.federateWith(this.partner)
			.workload(this.kubelet)
			.build(); TestClient fresh = TestClient.of(federated, TestClient.attest(federated, this.kubelet.token()))) {
			federated.entries().reload();
			assertThat(fresh.entries()).singleElement()
				.satisfies((entry) -> assertThat(entry.getFederatesWithList()).containsExactly(PARTNER));
		}
	}

	@Test
	void entryFederatesByNameOnceTheBundleIsKnown() {
		String id = this.server.register(this.kubelet, "simulated");
		assertThatIllegalStateException()
			.isThrownBy(() -> this.server.entries().change(id, (entry) -> entry.federatesWith(PARTNER)))
			.withMessage("unable to find federated bundle \"spiffe://partner.org\"");
		assertThatIllegalStateException().isThrownBy(() -> this.server.entries()
			.create(this.agent.id(), "spiffe://example.org/x", (entry) -> entry.federatesWith(PARTNER)));
		assertThat(this.client.entries()).singleElement().satisfies((entry) -> {
			assertThat(entry.getFederatesWithList()).isEmpty();
			assertThat(entry.getRevisionNumber()).isZero();
		});
		this.federation.set(this.partner);
		this.server.entries().change(id, (entry) -> entry.federatesWith("spiffe://partner.org", PARTNER));
		assertThat(this.client.entries()).singleElement()
			.satisfies((entry) -> assertThat(entry.getFederatesWithList()).containsExactly(PARTNER));
	}

}
