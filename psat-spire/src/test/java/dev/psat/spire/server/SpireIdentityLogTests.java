package dev.psat.spire.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import dev.psat.PsatAttestor;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.support.DebugLog;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is logged of an attestation and of an SVID, where numbers are usually written with
 * other digits: serial numbers are there to be found in the log of the server.
 */
@ExtendWith(OutputCaptureExtension.class)
class SpireIdentityLogTests {

	@RegisterExtension
	private final IdentityFixture fixture = new IdentityFixture();

	private final Locale locale = Locale.getDefault();

	@BeforeEach
	void setLocale() {
		Locale.setDefault(Locale.forLanguageTag("fa-IR"));
	}

	@AfterEach
	void resetLocale() {
		Locale.setDefault(this.locale);
	}

	@Test
	void oneLineForTheAttestationAndOneForTheSvid(@TempDir Path directory, CapturedOutput output) throws Exception {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().serviceAccount("shop", "orders").build();
				SimulatedSpireServer server = SimulatedSpireServer.builder()
					.workload(kubelet, "demo")
					.entryCacheReload(Duration.ofMillis(200))
					.build();
				TokenSource source = TokenSource.builder(kubelet.tokenPath()).audience("spire-server").build()) {
			Path bundle = directory.resolve("bundle.jwks");
			server.trustBundle().writeTo(bundle);
			try (SpireIdentity identity = SpireServerIdentity
				.builder(PsatAttestor.of("demo", source, List.of("spire-server")))
				.server(ServerAddress.parse(server.address()))
				.trustDomain(TrustDomain.of(server.trustDomain()))
				.trustBundle(bundle)
				.build()) {
				identity.start();
				await().until(() -> identity.status().state() == SpireState.READY);
				String agent = Objects.requireNonNull(identity.status().agentId()).toString();
				X509Svid svid = identity.x509Svid();
				// logged once it is published
				await().untilAsserted(() -> assertThat(output.toString()
					.lines()
					.filter((line) -> line.contains("INFO") && line.contains(SpireIdentity.class.getName())))
					.satisfiesExactly(
							(line) -> assertThat(line).contains(server.address(), agent, "expires at")
								.containsPattern("serial number [0-9]{5,}, "),
							(line) -> assertThat(line).contains(server.address(), agent,
									"spiffe://example.org/ns/shop/sa/orders",
									"serial number " + svid.serialNumber() + ",", "expires at " + svid.expiresAt())));
			}
		}
	}

	@Test
	void renewalsAreToldAtDebug() throws Exception {
		try (DebugLog log = new DebugLog(SpireIdentity.class)) {
			SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
			this.fixture.ready();
			server.authority().rotate();
			server.authority().taint();
			this.fixture.await()
				.until(() -> log.lines().stream().anyMatch((line) -> line.startsWith("DEBUG Attested to"))
						&& log.lines().stream().anyMatch((line) -> line.startsWith("DEBUG X.509-SVID ")));
			assertThat(log.lines()).filteredOn((line) -> !line.startsWith("DEBUG "))
				.satisfiesExactly((line) -> assertThat(line).startsWith("INFO Attested to"),
						(line) -> assertThat(line).startsWith("INFO X.509-SVID ").contains("of generation 1 "));
		}
	}

}
