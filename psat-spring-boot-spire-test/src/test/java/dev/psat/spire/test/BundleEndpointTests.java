package dev.psat.spire.test;

import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.JWTKey;
import dev.psat.spire.test.proto.X509Certificate;
import dev.psat.test.SimulatedKubelet;
import io.grpc.Status;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SimulatedFederation#follow(SimulatedSpireServer)}.
 */
class BundleEndpointTests {

	private static final String PARTNER = "partner.org";

	private static final String EMPTY = "{\"keys\":[]}";

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder().workload(this.kubelet).build();

	@AutoClose
	private final SimulatedSpireServer partner = SimulatedSpireServer.builder().trustDomain(PARTNER).build();

	private final SimulatedFederation federation = this.server.federation();

	private final TestSvid agent = TestClient.attest(this.server, this.kubelet.token());

	@AutoClose
	private final TestClient client = TestClient.of(this.server, this.agent);

	@AutoClose
	private final TestClient ofPartner = TestClient.anonymous(this.partner);

	@BeforeEach
	void follow() {
		this.partner.trustBundle().sequenceNumber(9);
		this.federation.follow(this.partner);
	}

	@Test
	void bundleFollowsTheAuthoritiesOfTheOtherServerAndHasNoSequenceNumber() {
		assertUpToDate();
		SimulatedAuthority authority = this.partner.authority();
		for (Runnable step : List.<Runnable>of(authority::prepare, authority::activate, authority::taint,
				authority::revoke)) {
			step.run();
			assertUpToDate();
		}
		assertThat(this.client.federatedBundle(PARTNER).getSequenceNumber()).isZero();
		assertThat(this.ofPartner.bundle().getSequenceNumber()).isEqualTo(12);
	}

	@Test
	void rotationWithoutAnAgentThatAsksMeanwhileIsNotMissed() {
		renewAuthority();
		assertUpToDate();
		assertThat(this.federation.lastError(PARTNER)).isNull();
	}

	@Test
	void orderOfJwtAuthoritiesChangesWithEachReading() {
		this.partner.jwtAuthority().prepare();
		List<List<String>> orders = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			orders.add(keyIds(this.client.federatedBundle(PARTNER)));
		}
		assertThat(orders.get(0)).hasSize(2).isEqualTo(orders.get(2)).isNotEqualTo(orders.get(1));
		assertThat(orders.get(1)).isEqualTo(orders.get(3)).containsExactlyInAnyOrderElementsOf(orders.get(0));
		this.federation.unreachable(PARTNER, true);
		assertThat(keyIds(this.client.federatedBundle(PARTNER))).isEqualTo(orders.get(3));
	}

	@Test
	void bundleFollowsTheJwtAuthoritiesOfTheOtherServer() {
		String first = this.partner.jwtAuthority().active().keyId();
		this.partner.jwtAuthority().rotate();
		String second = this.partner.jwtAuthority().active().keyId();
		assertThat(keyIds(this.client.federatedBundle(PARTNER))).containsExactlyInAnyOrder(first, second);
		this.partner.jwtAuthority().taint();
		assertThat(this.client.federatedBundle(PARTNER).getJwtAuthoritiesList()).hasSize(2)
			.allSatisfy((key) -> assertThat(key.getTainted()).isFalse());
		this.federation.unreachable(PARTNER, true);
		this.partner.jwtAuthority().revoke();
		assertThat(keyIds(this.client.federatedBundle(PARTNER))).hasSize(2);
		this.federation.unreachable(PARTNER, false);
		assertThat(keyIds(this.client.federatedBundle(PARTNER))).containsExactly(second);
	}

	@Test
	void serversFollowEachOther() {
		this.partner.federation().follow(this.server);
		renewAuthority();
		this.server.authority().rotate();
		assertUpToDate();
		assertThat(this.partner.federation().bundle("example.org")).isNotNull()
			.satisfies((bundle) -> assertThat(bundle.x509Authorities())
				.isEqualTo(certificates(FederatedBundle.of(this.server).toMessage())));
	}

	@Test
	void serverIsStuckOnceTheOtherHasRotatedWhileItWasUnreachable() {
		Bundle before = this.client.federatedBundle(PARTNER);
		this.federation.unreachable(PARTNER, true);
		renewAuthority();
		assertThat(this.client.federatedBundle(PARTNER)).isEqualTo(before);
		assertThat(this.federation.lastError(PARTNER)).isEqualTo("failed to fetch bundle: connection refused");
		this.federation.unreachable(PARTNER, false);
		this.federation.refresh(PARTNER);
		assertThat(this.client.federatedBundle(PARTNER)).isEqualTo(before);
		assertThat(this.federation.lastError(PARTNER))
			.isEqualTo("failed to fetch bundle: certificate signed by unknown authority");
		this.federation.set(this.partner);
		assertUpToDate();
		assertThat(this.federation.lastError(PARTNER)).isNull();
	}

	@Test
	void rotationWhoseOldAuthorityIsStillTrustedIsCaughtUpWithAfterAnOutage() {
		Bundle before = this.client.federatedBundle(PARTNER);
		this.partner.stop();
		this.partner.authority().prepare();
		this.partner.authority().activate();
		assertThat(this.client.federatedBundle(PARTNER)).isEqualTo(before);
		this.partner.restart();
		assertUpToDate();
		assertThat(this.client.federatedBundle(PARTNER).getX509AuthoritiesCount()).isEqualTo(2);
	}

	@Test
	void keyOfUnknownUseFreezesTheBundle() {
		Bundle before = this.client.federatedBundle(PARTNER);
		this.partner.authority().prepare();
		this.federation.set(this.partner);
		Bundle prepared = this.client.federatedBundle(PARTNER);
		assertThat(prepared.getX509AuthoritiesCount()).isEqualTo(before.getX509AuthoritiesCount() + 1);
		String document = this.partner.trustBundle().toJwks();
		this.partner.trustBundle()
			.publish(document.replaceFirst("\"keys\" : \\[", "\"keys\" : [{\"use\":\"new-use\",\"kty\":\"EC\"},"));
		this.partner.authority().activate();
		this.partner.authority().taint();
		this.partner.authority().revoke();
		assertThat(certificates(this.client.federatedBundle(PARTNER))).isEqualTo(certificates(prepared));
		assertThat(this.federation.lastError(PARTNER)).isEqualTo("unrecognized use \"new-use\" for key entry 0");
		this.partner.trustBundle().publish(null);
		assertUpToDate();
	}

	@Test
	void emptyBundleEndsTrustAndCutsItselfOff() {
		this.partner.trustBundle().publish(EMPTY);
		Bundle empty = this.client.federatedBundle(PARTNER);
		assertThat(empty).isEqualTo(Bundle.newBuilder().setTrustDomain(PARTNER).build());
		this.partner.trustBundle().publish(null);
		assertThat(this.client.federatedBundle(PARTNER)).isEqualTo(empty);
		this.federation.set(this.partner);
		assertUpToDate();
	}

	@Test
	void endOfTheRelationshipLeavesTheBundleInPlace() {
		Bundle before = this.client.federatedBundle(PARTNER);
		this.federation.unfollow(PARTNER);
		this.partner.authority().prepare();
		assertThat(this.client.federatedBundle(PARTNER)).isEqualTo(before);
		assertThatIllegalArgumentException().isThrownBy(() -> this.federation.refresh(PARTNER))
			.withMessage("The server does not follow partner.org");
	}

	@Test
	void deletedBundleDoesNotComeBackByItself() {
		this.federation.delete(PARTNER, BundleDeletion.RESTRICT);
		this.federation.refresh(PARTNER);
		this.partner.authority().prepare();
		assertThat(TestClient.status(() -> this.client.federatedBundle(PARTNER)).getCode())
			.isEqualTo(Status.Code.NOT_FOUND);
		this.federation.set(this.partner);
		assertUpToDate();
	}

	@Test
	void otherServerIsFollowedThroughItsUpstream() {
		try (SimulatedSpireServer subordinate = SimulatedSpireServer.builder()
			.trustDomain("other.org")
			.upstreamAuthority()
			.build()) {
			this.federation.follow(subordinate);
			subordinate.authority().rotate();
			this.federation.refresh("other.org");
			assertThat(this.federation.lastError("other.org")).isNull();
		}
		this.federation.refresh("other.org");
		assertThat(this.federation.lastError("other.org")).isEqualTo("failed to fetch bundle: connection refused");
	}

	@Test
	void ownTrustDomainCannotBeFollowed() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.federation.follow(this.server));
	}

	private void renewAuthority() {
		this.partner.authority().rotate();
		this.partner.authority().taint();
		this.partner.authority().revoke();
	}

	private void assertUpToDate() {
		Bundle expected = this.ofPartner.bundle();
		Bundle actual = this.client.federatedBundle(PARTNER);
		assertThat(certificates(actual)).isEqualTo(certificates(expected));
		assertThat(actual.getJwtAuthoritiesList())
			.containsExactly(expected.getJwtAuthorities(0).toBuilder().clearExpiresAt().build());
	}

	private static List<String> keyIds(Bundle bundle) {
		return bundle.getJwtAuthoritiesList().stream().map(JWTKey::getKeyId).toList();
	}

	private static List<ByteString> certificates(Bundle bundle) {
		return bundle.getX509AuthoritiesList().stream().map(X509Certificate::getAsn1).toList();
	}

}
