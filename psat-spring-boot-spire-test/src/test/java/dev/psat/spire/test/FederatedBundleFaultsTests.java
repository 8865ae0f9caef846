package dev.psat.spire.test;

import java.util.concurrent.CompletableFuture;

import dev.psat.spire.test.proto.Bundle;
import dev.psat.support.Patience;
import dev.psat.test.SimulatedKubelet;
import io.grpc.Status;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link FederatedBundleFaults}.
 */
class FederatedBundleFaultsTests {

	private static final String PARTNER = "partner.org";

	private static final String OTHER = "other.org";

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder().workload(this.kubelet).build();

	private final TestSvid agent = TestClient.attest(this.server, this.kubelet.token());

	@AutoClose
	private final TestClient client = TestClient.of(this.server, this.agent);

	private final FederatedBundleFaults faults = this.server.faults().federatedBundle(PARTNER);

	@BeforeEach
	void federate() {
		this.server.federation().set(FederatedBundle.empty(PARTNER));
		this.server.federation().set(FederatedBundle.empty(OTHER));
	}

	@Test
	void oneTrustDomainFailsWhileTheOtherAnswers() {
		this.faults.fail(Status.INTERNAL.withDescription("failed to fetch bundle"));
		Status failure = TestClient.status(() -> this.client.federatedBundle(PARTNER));
		assertThat(failure.getCode()).isEqualTo(Status.Code.INTERNAL);
		assertThat(failure.getDescription()).isEqualTo("failed to fetch bundle");
		assertThat(this.client.federatedBundle(OTHER).getTrustDomain()).isEqualTo(OTHER);
		this.faults.fail(null);
		assertThat(this.client.federatedBundle(PARTNER).getTrustDomain()).isEqualTo(PARTNER);
		assertThatIllegalArgumentException().isThrownBy(() -> this.faults.fail(Status.OK));
	}

	@Test
	void oneTrustDomainHangsWhileTheOtherAnswersOnTheSameConnection() {
		this.faults.hang();
		CompletableFuture<Bundle> hanging = ask();
		await().until(() -> this.server.journal().federatedBundles().contains(PARTNER));
		assertThat(this.client.federatedBundle(OTHER).getTrustDomain()).isEqualTo(OTHER);
		assertThat(this.client.bundle().getX509AuthoritiesCount()).isOne();
		assertThat(hanging).isNotDone();
		this.faults.resume();
		assertThat(hanging).succeedsWithin(Patience.LIMIT);
		assertThat(this.client.federatedBundle(PARTNER).getTrustDomain()).isEqualTo(PARTNER);
		assertThat(this.server.journal().connections()).isEqualTo(2);
	}

	@Test
	void callOfAClientThatHasGoneIsForgotten() {
		this.faults.hang();
		TestClient impatient = TestClient.of(this.server, this.agent);
		CompletableFuture<Bundle> hanging = CompletableFuture.supplyAsync(() -> impatient.federatedBundle(PARTNER));
		await().until(() -> this.server.journal().federatedBundles().contains(PARTNER));
		impatient.close();
		assertThat(hanging).failsWithin(Patience.LIMIT);
		this.faults.resume();
		assertThat(this.client.federatedBundle(PARTNER).getTrustDomain()).isEqualTo(PARTNER);
	}

	@Test
	void hangingCallIsAnsweredWithWhatTheServerHasWhenItResumes() {
		this.faults.hang();
		CompletableFuture<Bundle> hanging = ask();
		await().until(() -> this.server.journal().federatedBundles().contains(PARTNER));
		this.server.federation().set(FederatedBundle.empty(PARTNER).withSequenceNumber(5));
		this.faults.resume();
		assertThat(hanging).succeedsWithin(Patience.LIMIT)
			.satisfies((bundle) -> assertThat(bundle.getSequenceNumber()).isEqualTo(5));
	}

	@Test
	void serverWithAHangingCallCanBeClosed() {
		this.faults.hang();
		CompletableFuture<Bundle> hanging = ask();
		await().until(() -> this.server.journal().federatedBundles().contains(PARTNER));
		this.server.close();
		assertThat(hanging).failsWithin(Patience.LIMIT);
	}

	@Test
	void answerIsThatOfAnotherTrustDomain() {
		this.faults.answer(FederatedBundle.empty(OTHER));
		assertThat(this.client.federatedBundle(PARTNER).getTrustDomain()).isEqualTo(OTHER);
		this.faults.answer(FederatedBundle.empty(PARTNER).withTrustDomain("example.org"));
		assertThat(this.client.federatedBundle(PARTNER).getTrustDomain()).isEqualTo("example.org");
		this.faults.answer(null);
		assertThat(this.client.federatedBundle(PARTNER).getTrustDomain()).isEqualTo(PARTNER);
	}

	private CompletableFuture<Bundle> ask() {
		return CompletableFuture.supplyAsync(() -> this.client.federatedBundle(PARTNER));
	}

}
