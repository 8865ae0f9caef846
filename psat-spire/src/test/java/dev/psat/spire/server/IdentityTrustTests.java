package dev.psat.spire.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import dev.psat.support.HangingLog;
import dev.psat.support.Patience;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Trust bundles and authorities that change, and servers that are none.
 */
@ExtendWith(OutputCaptureExtension.class)
class IdentityTrustTests {

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	@RegisterExtension
	private final IdentityFixture fixture = new IdentityFixture();

	@Test
	void rotationsOfTheAuthorityAreLivedThrough() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		// those from before are told late
		this.fixture.await().until(() -> this.fixture.states().contains(SpireState.READY));
		this.fixture.states().clear();
		for (int rotations = 1; rotations <= 2; rotations++) {
			int generation = rotations;
			server.authority().prepare();
			this.fixture.await().until(() -> identity.trustBundle().x509Authorities().size() == 2);
			server.authority().activate();
			// the server shows its own certificate, of the old authority, for a while
			this.fixture.goAway();
			this.fixture.awaitVisits(2);
			assertThat(this.fixture.generation()).isEqualTo(generation);
			server.authority().taint();
			this.fixture.await().until(() -> this.fixture.generation() == generation + 1);
			assertThat(chainsToUntainted(identity)).isTrue();
			assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(generation + 1);
			server.authority().revoke();
			this.fixture.await().until(() -> identity.trustBundle().x509Authorities().size() == 1);
			this.fixture.goAway();
			this.fixture.awaitVisits(2);
			assertThat(identity.jwtSvid("billing").spiffeId()).hasToString(IdentityFixture.ORDERS);
			assertThat(chainsToUntainted(identity)).isTrue();
		}
		assertThat(this.fixture.generation()).isEqualTo(3);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(3);
		assertThat(this.fixture.states()).containsOnly(SpireState.READY);
		assertThat(this.fixture.outcomes()).filteredOn((outcome) -> !outcome.endsWith(" success")).isEmpty();
	}

	@Test
	void taintIsMetBetweenTwoAttestationsOfAnSvidThatLivesLong() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload()
			.agentTtl(Duration.ofSeconds(90))
			.x509SvidTtl(Duration.ofHours(24))
			.caTtl(Duration.ofDays(30)));
		SpireIdentity identity = this.fixture.ready();
		for (int attestations = 2; attestations <= 4; attestations++) {
			int expected = attestations;
			this.fixture.time().pass(Duration.ofSeconds(80));
			this.fixture.await().until(() -> this.fixture.calls(SpireMethod.ATTEST_AGENT) == expected);
			this.fixture.awaitVisits(1);
		}
		assertThat(this.fixture.generation()).isEqualTo(1);
		server.authority().prepare();
		this.fixture.await().until(() -> identity.trustBundle().x509Authorities().size() == 2);
		server.authority().activate();
		server.authority().taint();
		this.fixture.awaitVisits(2);
		assertThat(this.fixture.generation()).isEqualTo(2);
		assertThat(chainsToUntainted(identity)).isTrue();
		server.authority().revoke();
		this.fixture.awaitVisits(2);
		assertThat(this.fixture.generation()).isEqualTo(2);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(5);
		assertThat(this.fixture.status().lastError()).isNull();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void agentOfARevokedAuthorityIsReplaced(boolean openConnection) throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		server.authority().prepare();
		this.fixture.await().until(() -> identity.trustBundle().x509Authorities().size() == 2);
		server.authority().activate();
		if (!openConnection) {
			server.stop();
		}
		server.authority().taint();
		server.authority().revoke();
		if (openConnection) {
			// or a visit that comes late would meet the restart with its old SVID
			this.fixture.await().until(() -> this.fixture.calls(SpireMethod.ATTEST_AGENT) == 2);
		}
		server.restart();
		this.fixture.await().until(() -> this.fixture.generation() == 2);
		this.fixture.await().until(() -> identity.status().lastError() == null);
		if (openConnection) {
			// a visit that met the restart has asked for the bundle anonymously
			assertThat(server.journal().refusedConnections()).isEmpty();
		}
		assertThat(chainsToUntainted(identity)).isTrue();
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
		assertThat(identity.jwtSvid("bank").spiffeId()).hasToString(IdentityFixture.ORDERS);
	}

	@Test
	void agentOfARevokedAuthorityIsOfNoUseWhereAttestingFails() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		server.authority().prepare();
		this.fixture.await().until(() -> identity.trustBundle().x509Authorities().size() == 2);
		server.authority().activate();
		server.faults().failAll(SpireMethod.ATTEST_AGENT, Status.INTERNAL.withDescription("failed to fetch agent"));
		server.authority().taint();
		this.fixture.awaitReason(FailureReason.DATASTORE_FAILED);
		assertThat(identity.status().agentExpiresAt()).isNotNull();
		this.fixture.await().until(() -> this.fixture.generation() == 2);
		server.authority().revoke();
		this.fixture.await().until(() -> identity.status().agentExpiresAt() == null);
		this.fixture.awaitVisits(1);
		int questions = this.fixture.calls(SpireMethod.GET_AUTHORIZED_ENTRIES);
		this.fixture.awaitVisits(2);
		assertThat(this.fixture.calls(SpireMethod.GET_AUTHORIZED_ENTRIES)).isEqualTo(questions);
		assertThat(identity.status().state()).isEqualTo(SpireState.READY);
		server.faults().failAll(SpireMethod.ATTEST_AGENT, null);
		this.fixture.await().until(() -> identity.status().agentExpiresAt() != null);
	}

	@Test
	void observersLearnOfAuthoritiesThatChangeWithoutAnotherSvid() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		List<Integer> authorities = new CopyOnWriteArrayList<>();
		identity.addObserver(new SpireObserver() {

			@Override
			public void changed(SpireStatus previous, SpireStatus current) {
				authorities.add(Objects.requireNonNull(current.trustBundle()).authorities());
			}

		});
		this.fixture.await().until(() -> authorities.equals(List.of(1)));
		this.fixture.awaitVisits(2);
		server.authority().prepare();
		this.fixture.await().until(() -> authorities.equals(List.of(1, 2)));
		assertThat(this.fixture.generation()).isEqualTo(1);
	}

	@Test
	void authoritiesThatChangeArePublishedBeforeAnythingIsLogged() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		identity.stop();
		server.authority().prepare();
		Files.delete(this.fixture.bundle());
		try (HangingLog log = new HangingLog(SpireIdentity.class.getName(), "a restart will need the file")) {
			identity.start();
			log.awaitHanging();
			assertThat(identity.status().trustBundle()).isNotNull()
				.satisfies((bundle) -> assertThat(bundle.authorities()).isEqualTo(2));
		}
		this.fixture.awaitVisits(1);
	}

	@Test
	void emptyTrustBundleIsRefusedAndCounted() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		server.trustBundle().empty(true);
		SpireIdentity identity = this.fixture.ready();
		this.fixture.awaitReason(FailureReason.INVALID_TRUST_BUNDLE);
		assertThat(identity.status().trustBundle()).isEqualTo(SpireStatus.Bundle.builder(1, 1).build());
		assertThat(this.fixture.outcomes()).contains("refreshed invalid-trust-bundle")
			.doesNotContain("refreshed success");
		server.trustBundle().empty(false);
		this.fixture.await().until(() -> identity.status().lastError() == null);
		server.trustBundle().empty(true);
		this.fixture.awaitReason(FailureReason.INVALID_TRUST_BUNDLE);
		assertThat(identity.trustBundle().x509Authorities()).hasSize(1);
		assertThat(identity.status().state()).isEqualTo(SpireState.READY);
		assertThat(identity.jwtSvid("bank").spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
	}

	@Test
	void sequenceNumberThatGoesBackIsBelievedAfterTenMinutes(CapturedOutput output) throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		server.trustBundle().sequenceNumber(10);
		this.fixture.ready();
		server.trustBundle().sequenceNumber(3);
		this.fixture.awaitReason(FailureReason.INVALID_TRUST_BUNDLE);
		this.fixture.awaitVisits(2);
		assertThat(sequenceNumber()).isEqualTo(10);
		assertThat(this.fixture.outcomes()).contains("refreshed invalid-trust-bundle");
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.READY);
		this.fixture.time().pass(PATIENCE);
		this.fixture.await().until(() -> this.fixture.status().lastError() == null);
		assertThat(sequenceNumber()).isEqualTo(3);
		assertThat(output.getOut().lines().filter((line) -> line.contains("accepting the one with 3"))).singleElement()
			.asString()
			.contains("WARN");
	}

	@Test
	void wrongTrustBundleLetsNothingLeaveAndMayBeReplaced() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.build(this.fixture.builder());
		Files.writeString(this.fixture.bundle(), new SvidMint().pem());
		identity.start();
		this.fixture.awaitReason(FailureReason.SERVER_NOT_TRUSTED);
		assertThat(identity.status().state()).isEqualTo(SpireState.ATTESTING);
		assertThat(this.fixture.lastError().advice()).contains("'spire.server.trust-bundle'");
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isZero();
		assertThat(this.fixture.calls(SpireMethod.GET_BUNDLE)).isZero();
		server.trustBundle().writeTo(this.fixture.bundle());
		this.fixture.awaitState(SpireState.READY);
	}

	@Test
	void wrongTrustDomainLetsNothingLeave() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		server.trustBundle().writeTo(this.fixture.bundle());
		this.fixture
			.buildElsewhere(this.fixture.builder()
				.server(ServerAddress.parse(server.address()))
				.trustDomain(TrustDomain.of("example.com")))
			.start();
		this.fixture.awaitReason(FailureReason.SERVER_ID_MISMATCH);
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.ATTESTING);
		assertThat(this.fixture.lastError().advice()).contains("'spire.server.trust-domain'");
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isZero();
	}

	@Test
	@DisabledForJreRange(minVersion = 27, disabledReason = "has a post-quantum key exchange")
	void serverThatRequiresPostQuantumKeyExchangeIsTold() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload().requirePqKem());
		server.trustBundle().writeTo(this.fixture.bundle());
		this.fixture
			.buildElsewhere(this.fixture.builder()
				.server(ServerAddress.parse(server.address()))
				.trustDomain(TrustDomain.of("example.org")))
			.start();
		this.fixture.awaitReason(FailureReason.TLS_PARAMETERS);
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.ATTESTING);
		assertThat(this.fixture.lastError().advice()).contains("'require_pq_kem'", "JDK 27", "'jdk.tls.namedGroups'");
	}

	@Test
	void serverThatIsNoneIsTold() throws Exception {
		Files.writeString(this.fixture.bundle(), new SvidMint().pem());
		try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			Thread server = new Thread(() -> answerInPlainText(socket));
			server.start();
			this.fixture
				.buildElsewhere(this.fixture.builder()
					.server(new ServerAddress("127.0.0.1", socket.getLocalPort()))
					.trustDomain(TrustDomain.of("example.org")))
				.start();
			this.fixture.awaitReason(FailureReason.UNREACHABLE);
			assertThat(this.fixture.status().state()).isEqualTo(SpireState.ATTESTING);
			assertThat(this.fixture.lastError().advice()).contains("'spire.server.address'");
			this.fixture.identity().close();
			socket.close();
			server.join(Patience.MILLIS);
			assertThat(server.isAlive()).isFalse();
		}
	}

	@Test
	void serverThatWasBuiltAnewIsTrustedByTheFileAfterTenMinutes(CapturedOutput output) throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		server.trustBundle().sequenceNumber(10);
		SpireIdentity identity = this.fixture.ready();
		X509Svid svid = identity.x509Svid();
		buildAnew(server);
		this.fixture.awaitReason(FailureReason.SERVER_NOT_TRUSTED);
		server.trustBundle().writeTo(this.fixture.bundle());
		this.fixture.time().pass(PATIENCE.minusMinutes(1));
		this.fixture.awaitRefusals(3);
		assertThat(this.fixture.generation()).isEqualTo(1);
		assertThat(identity.x509Svid()).isSameAs(svid);
		this.fixture.time().pass(Duration.ofMinutes(1));
		this.fixture.await().until(() -> this.fixture.generation() == 2);
		this.fixture.await().until(() -> identity.status().lastError() == null);
		assertThat(sequenceNumber()).isEqualTo(1);
		assertThat(chainsToUntainted(identity)).isTrue();
		assertThat(identity.jwtSvid("bank").spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(output.getOut().lines().filter((line) -> line.contains("starting over with"))).singleElement()
			.asString()
			.contains("WARN");
	}

	@Test
	void fileIsShownToNobodyAndNobodyAttestsByItBeforeTheServerHasToldItsBundle() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		server.trustBundle().sequenceNumber(10);
		SpireIdentity identity = this.fixture.ready();
		buildAnew(server);
		this.fixture.awaitReason(FailureReason.SERVER_NOT_TRUSTED);
		Files.writeString(this.fixture.bundle(), new SvidMint().pem());
		this.fixture.time().pass(PATIENCE);
		this.fixture.awaitRefusals(3);
		assertThat(sequenceNumber()).isEqualTo(10);
		assertThat(identity.trustBundle().sequenceNumber()).isEqualTo(10);
		int attestations = this.fixture.calls(SpireMethod.ATTEST_AGENT);
		server.faults().failAll(SpireMethod.GET_BUNDLE, Status.INTERNAL.withDescription("on purpose"));
		server.trustBundle().writeTo(this.fixture.bundle());
		this.fixture.awaitVisits(2);
		assertThat(identity.trustBundle().sequenceNumber()).isEqualTo(10);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(attestations);
		server.faults().failAll(SpireMethod.GET_BUNDLE, null);
		this.fixture.await().until(() -> this.fixture.generation() == 2);
		assertThat(sequenceNumber()).isEqualTo(1);
	}

	/**
	 * What is left is its address, its configuration and its entries.
	 */
	private void buildAnew(SimulatedSpireServer server) {
		server.stop();
		server.agents().evict(this.fixture.agentId());
		server.authority().prepare();
		server.authority().activate();
		server.authority().taint();
		server.authority().revoke();
		server.trustBundle().sequenceNumber(1);
		server.restart();
	}

	private boolean chainsToUntainted(SpireIdentity identity) {
		return identity.x509Svid().chainsToUntainted(identity.trustBundle(), this.fixture.time().time().now());
	}

	private long sequenceNumber() {
		SpireStatus.Bundle bundle = this.fixture.status().trustBundle();
		assertThat(bundle).isNotNull();
		assertThat(bundle.sequenceNumber()).isNotNull();
		return bundle.sequenceNumber();
	}

	private static void answerInPlainText(ServerSocket socket) {
		byte[] buffer = new byte[65_536];
		while (true) {
			try (Socket client = socket.accept()) {
				client.getInputStream().read(buffer);
				client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			}
			catch (IOException ex) {
				if (socket.isClosed()) {
					return;
				}
			}
		}
	}

}
