package dev.psat.spire.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.internal.VisitException;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What observers are told before and after each request to the server.
 */
class IdentityRequestTests {

	private static final String VISITS = "psat-spire";

	@RegisterExtension
	private final IdentityFixture fixture = new IdentityFixture();

	private final List<String> told = new CopyOnWriteArrayList<>();

	private final String here = Thread.currentThread().getName();

	@Test
	void eachRequestIsToldByTheThreadThatMakesIt() throws IOException {
		this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = observed(new Recorder());
		this.fixture.awaitState(SpireState.READY);
		identity.jwtSvid("stock", "bank");
		assertThat(this.told).containsExactly(VISITS + " ATTESTATION []", VISITS + " ATTESTATION success",
				VISITS + " X509_SVID []", VISITS + " X509_SVID success", this.here + " JWT_SVID [bank, stock]",
				this.here + " JWT_SVID success");
	}

	@Test
	void jwtSvidFromMemoryAndRepeatedRefusalAreNoRequests() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = observed(new Recorder());
		this.fixture.awaitState(SpireState.READY);
		identity.jwtSvid("bank");
		server.faults().failAll(SpireMethod.NEW_JWT_SVID, Status.INVALID_ARGUMENT.withDescription("on purpose"));
		int asked = this.fixture.calls(SpireMethod.NEW_JWT_SVID);
		this.told.clear();
		for (int i = 0; i < 3; i++) {
			identity.jwtSvid("bank");
			assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity.jwtSvid("stock"));
		}
		int requests = this.fixture.calls(SpireMethod.NEW_JWT_SVID) - asked;
		assertThat(requests).isPositive();
		assertThat(this.told).filteredOn((told) -> told.contains("[stock]")).hasSize(requests);
		assertThat(this.told).filteredOn((told) -> told.endsWith(" JWT_SVID invalid-request")).hasSize(requests);
		assertThat(this.told).hasSize(2 * requests);
	}

	@Test
	void renewalAndRequestWithDeadAgentAreToldWithTheAttestationBetween() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = observed(new Recorder());
		this.fixture.awaitState(SpireState.READY);
		this.told.clear();
		server.agents().evict(this.fixture.agentId());
		identity.jwtSvid("bank");
		assertThat(this.told).containsSubsequence(VISITS + " ATTESTATION success", this.here + " JWT_SVID [bank]",
				this.here + " JWT_SVID success");
		this.told.clear();
		this.fixture.time().pass(Duration.ofMinutes(40));
		this.fixture.await().until(() -> this.fixture.generation() == 2);
		assertThat(this.told).containsSubsequence(VISITS + " X509_SVID []", VISITS + " X509_SVID success");
	}

	@Test
	void attestationWithoutTokenIsToldWithTheReason() throws IOException {
		this.fixture.serve(this.fixture.workload());
		this.fixture.pod().removeToken();
		observed(new Recorder());
		this.fixture.awaitReason(VisitException.OwnReason.TOKEN_UNAVAILABLE.name());
		assertThat(this.told).startsWith(VISITS + " ATTESTATION []", VISITS + " ATTESTATION token-unavailable");
	}

	@Test
	void observerThatThrowsAndInterruptsKeepsTheIdentityFromNothing() throws IOException {
		this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = observed(new SpireObserver() {

			@Override
			public Ending requesting(Request request) {
				fail(request);
				throw new OutOfMemoryError("on purpose");
			}

		}, new SpireObserver() {

			@Override
			public Ending requesting(Request request) {
				return (outcome) -> {
					fail(request);
					throw new NoClassDefFoundError("on purpose");
				};
			}

		});
		this.fixture.awaitState(SpireState.READY);
		assertThat(this.fixture.status().lastError()).isNull();
		assertThat(identity.jwtSvid("bank").spiffeId()).hasToString(IdentityFixture.ORDERS);
		this.fixture.time().pass(Duration.ofMinutes(40));
		this.fixture.await().until(() -> this.fixture.generation() == 2);
		assertThat(this.fixture.outcomes()).doesNotContain("attested cancelled", "renewed cancelled",
				"refreshed cancelled");
	}

	private static void fail(SpireObserver.Request request) {
		if (request.type() != SpireObserver.Request.Type.JWT_SVID) {
			Thread.currentThread().interrupt();
		}
	}

	private SpireIdentity observed(SpireObserver... observers) throws IOException {
		SpireIdentity identity = this.fixture.build(this.fixture.builder());
		for (SpireObserver observer : observers) {
			identity.addObserver(observer);
		}
		identity.start();
		return identity;
	}

	private final class Recorder implements SpireObserver {

		@Override
		public @Nullable Ending requesting(Request request) {
			tell(request.type() + " " + request.audience());
			return (outcome) -> tell(request.type() + " " + outcome);
		}

		private void tell(String what) {
			IdentityRequestTests.this.told.add(Thread.currentThread().getName() + " " + what);
		}

	}

}
