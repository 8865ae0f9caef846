package dev.psat.spire;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dev.psat.PsatAttestor;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.client.TrustDomain;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Two processes that attest with the same agent ID.
 */
class ContestedIdentityTests {

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().serviceAccount("shop", "orders").build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.workload(this.kubelet, "demo")
		.limitAttestations(false)
		.entryCacheReload(Duration.ofMillis(200))
		.build();

	@AutoClose
	private final TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build();

	@Test
	void whatToDoAboutItIsShownAsLongAsItLasts(@TempDir Path directory) throws IOException {
		Path bundle = directory.resolve("bundle.jwks");
		this.server.trustBundle().writeTo(bundle);
		try (SpireIdentity one = start(bundle); SpireIdentity other = start(bundle)) {
			one.jwtSvid("bank");
			other.jwtSvid("bank");
			assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> one.jwtSvid("stock"))
				.satisfies((ex) -> assertThat(ex.advice()).contains("use_pod_uid_for_agent_id"));
			await().until(() -> one.status().state() == SpireState.CONTESTED);
			int refreshes = this.server.journal().calls(SpireMethod.GET_BUNDLE);
			await().until(() -> this.server.journal().calls(SpireMethod.GET_BUNDLE) > refreshes + 6);
			assertThat(Objects.requireNonNull(one.status().lastError())).satisfies((error) -> {
				assertThat(error.reason()).isEqualTo("AGENT_NOT_ACTIVE");
				assertThat(error.advice()).contains("one container", "use_pod_uid_for_agent_id");
			});
			assertThat(other.status().lastError()).isNull();
		}
	}

	private SpireIdentity start(Path bundle) {
		SpireIdentity identity = SpireIdentity.builder(PsatAttestor.of("demo", this.source, List.of("spire-server")))
			.server(ServerAddress.parse(this.server.address()))
			.trustDomain(TrustDomain.of(this.server.trustDomain()))
			.trustBundle(bundle)
			.refreshInterval(Duration.ofMillis(100))
			.build();
		identity.start();
		await().until(() -> identity.status().state() == SpireState.READY);
		return identity;
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
	}

}
