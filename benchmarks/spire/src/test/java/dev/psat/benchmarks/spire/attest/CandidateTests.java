package dev.psat.benchmarks.spire.attest;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All candidates do the same.
 */
class CandidateTests {

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.workload(this.kubelet)
		.limitAttestations(false)
		.entryCacheReload(Duration.ZERO)
		.build();

	@AutoClose
	private final GrpcNettyTransport grpc = new GrpcNettyTransport();

	@TempDir
	private Path directory;

	private Target target;

	private TrustBundle bundle;

	@BeforeEach
	void writeTrustBundle() throws Exception {
		Path trustBundle = this.directory.resolve("bundle.pem");
		this.server.trustBundle().writeTo(trustBundle);
		this.target = new Target("simulated server", ServerAddress.parse(this.server.address()),
				TrustDomain.of(this.server.trustDomain()), trustBundle, "simulated", this.kubelet.tokenPath());
		this.bundle = this.target.readTrustBundle();
	}

	@Test
	void ourClientConnectsThreeTimes() throws Exception {
		assertObtains(new Ours(this.target, this.bundle), 3);
	}

	@Test
	void floorConnectsAsOftenAsOurs() throws Exception {
		assertObtains(bare(HttpClientTransport::withDeadline, false), 3);
	}

	@Test
	void floorCanShareAConnection() throws Exception {
		assertObtains(bare(HttpClientTransport::withDeadline, true), 2);
	}

	@Test
	void grpcNettyConnectsAsOftenAsOurs() throws Exception {
		assertObtains(bare(() -> this.grpc, false), 3);
	}

	@Test
	void grpcNettyCanShareAConnection() throws Exception {
		assertObtains(bare(() -> this.grpc, true), 2);
	}

	private Bare bare(Supplier<Transport> transports, boolean sharing) {
		List<X509Certificate> authorities = this.bundle.x509Authorities()
			.stream()
			.map(X509Authority::certificate)
			.toList();
		return new Bare(this.target, transports, sharing, authorities);
	}

	private void assertObtains(Candidate candidate, int connections) throws Exception {
		Laps laps = new Laps(false);
		try (Session session = candidate.attest(this.target.payload(), laps)) {
			X509Svid svid = X509Svid.of(List.of(session.leaf()), null);
			assertThat(svid.spiffeId()).hasToString("spiffe://example.org/ns/default/sa/default");
		}
		assertThat(this.server.journal().connections()).isEqualTo(connections);
		for (SpireMethod method : List.of(SpireMethod.GET_BUNDLE, SpireMethod.ATTEST_AGENT,
				SpireMethod.GET_AUTHORIZED_ENTRIES, SpireMethod.BATCH_NEW_X509_SVID)) {
			assertThat(this.server.journal().calls(method)).as(method.fullName()).isOne();
		}
		assertThat(laps.total()).isPositive();
	}

}
