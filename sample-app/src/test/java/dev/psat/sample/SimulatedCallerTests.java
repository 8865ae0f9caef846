package dev.psat.sample;

import java.util.Objects;
import java.util.UUID;

import dev.psat.spire.FederationState;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.test.BundleDeletion;
import dev.psat.spire.test.FederatedBundle;
import dev.psat.spire.test.SimulatedSpireServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SimulatedCaller} and the sample, which it calls.
 */
@SampleTest
class SimulatedCallerTests {

	@Autowired
	@Qualifier("federatedServer")
	private SimulatedSpireServer federatedServer;

	@Autowired
	private SimulatedCaller listedCaller;

	@Autowired
	private SimulatedCaller unlistedCaller;

	@Autowired
	private SpireIdentity identity;

	@Autowired
	private SimulatedSpireServer server;

	@Autowired
	private RestTestClient client;

	@BeforeEach
	void awaitTrust() {
		await().until(() -> state() == FederationState.TRUSTED);
	}

	@AfterEach
	void mend() {
		if (state() != FederationState.TRUSTED) {
			this.server.federateWith(this.federatedServer);
			visit(FederationState.TRUSTED);
		}
	}

	@Test
	void workloadOnTheListIsLetIn() {
		await().untilAsserted(() -> {
			this.listedCaller.call();
			this.client.get()
				.uri("/identity")
				.exchange()
				.expectBody()
				.jsonPath("$.spire.federation[0].trustDomain")
				.isEqualTo("partner.org")
				.jsonPath("$.spire.federation[0].state")
				.isEqualTo("TRUSTED")
				.jsonPath(ofCall(SimulatedCallersConfiguration.LISTED, "peer.id"))
				.isEqualTo(SimulatedCallersConfiguration.LISTED)
				.jsonPath(ofCall(SimulatedCallersConfiguration.LISTED, "failure"))
				.doesNotExist();
		});
	}

	@Test
	void anotherWorkloadIsRefused() {
		await().untilAsserted(() -> {
			this.unlistedCaller.call();
			this.client.get()
				.uri("/identity")
				.exchange()
				.expectBody()
				.jsonPath(ofCall(SimulatedCallersConfiguration.UNLISTED, "peer"))
				.doesNotExist()
				.jsonPath(ofCall(SimulatedCallersConfiguration.UNLISTED, "failure"))
				.isEqualTo("The peer %s is not listed in 'spire.bundle.authorized-clients'"
					.formatted(SimulatedCallersConfiguration.UNLISTED));
		});
	}

	@Test
	void nobodyIsLetInWhileTheBundleIsDeleted() {
		this.server.federation().delete(SimulatedCallersConfiguration.TRUST_DOMAIN, BundleDeletion.DISSOCIATE);
		visit(FederationState.NOT_FEDERATED);
		awaitFailure("The registration entry of this application does not federate with 'partner.org'");
		comeBack();
	}

	@Test
	void nobodyIsLetInWhileTheBundleIsEmpty() {
		this.server.federation().set(FederatedBundle.empty(SimulatedCallersConfiguration.TRUST_DOMAIN));
		visit(FederationState.EMPTY);
		awaitFailure("The trust bundle of 'partner.org' is empty");
		comeBack();
	}

	private static String ofCall(String caller, String member) {
		return "$.federatedCalls['%s'].%s".formatted(caller, member);
	}

	/**
	 * Attest now, for a JWT-SVID that nobody has asked for yet, and see what that shows:
	 * the next visit is due in a minute.
	 */
	private void visit(FederationState expected) {
		this.identity.stop();
		this.identity.start();
		this.identity.jwtSvid(UUID.randomUUID().toString());
		await().until(() -> state() == expected);
	}

	private FederationState state() {
		return this.identity.status().federation().get(0).state();
	}

	private void awaitFailure(String reason) {
		await().untilAsserted(() -> assertThat(call().failure()).contains(reason));
	}

	private void comeBack() {
		this.server.federateWith(this.federatedServer);
		visit(FederationState.TRUSTED);
		await().untilAsserted(() -> assertThat(call().failure()).isNull());
	}

	private CallOutcome call() {
		this.listedCaller.call();
		return Objects.requireNonNull(this.listedCaller.last());
	}

}
