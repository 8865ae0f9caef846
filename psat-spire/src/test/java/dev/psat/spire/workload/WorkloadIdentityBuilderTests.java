package dev.psat.spire.workload;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.workload.client.WorkloadEndpoint;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for {@link WorkloadIdentityBuilder}.
 */
class WorkloadIdentityBuilderTests {

	private final WorkloadIdentityBuilder builder = WorkloadIdentity.builder().environment(Map.of());

	@Test
	void nothingHappensBeforeTheFirstUse() {
		try (SpireIdentity identity = this.builder.endpoint(WorkloadEndpoint.parse("unix:///nowhere/api.sock"))
			.federatesWith(List.of(TrustDomain.of("partner.org"), TrustDomain.of("partner.org")))
			.build()) {
			assertThat(identity).isInstanceOf(TlsIdentity.class);
			SpireStatus status = identity.status();
			assertThat(status.state()).isEqualTo(SpireState.STARTING);
			assertThat(status.workloadApi()).isEqualTo("unix:///nowhere/api.sock");
			assertThat(status.server()).isNull();
			assertThat(status.federation()).singleElement()
				.satisfies((federation) -> assertThat(federation.state()).isEqualTo(FederationState.UNKNOWN));
		}
	}

	@Test
	void withoutAnEndpointTheEnvironmentTells() {
		try (SpireIdentity identity = this.builder
			.environment(Map.of("SPIFFE_ENDPOINT_SOCKET", "unix:///run/agent/api.sock"))
			.build()) {
			assertThat(identity.status().workloadApi()).isEqualTo("unix:///run/agent/api.sock");
		}
	}

	@Test
	void endpointComesBeforeTheEnvironment() {
		try (SpireIdentity identity = this.builder.environment(Map.of("SPIFFE_ENDPOINT_SOCKET", "nonsense"))
			.endpoint(WorkloadEndpoint.parse("tcp://127.0.0.1:8081"))
			.build()) {
			assertThat(identity.status().workloadApi()).isEqualTo("tcp://127.0.0.1:8081");
		}
	}

	@Test
	void withoutEitherThereIsNoIdentity() {
		assertThatIllegalStateException().isThrownBy(this.builder::build)
			.withMessage("'endpoint' must be set, since the environment variable 'SPIFFE_ENDPOINT_SOCKET' is not");
		this.builder.environment(Map.of("SPIFFE_ENDPOINT_SOCKET", "/run/agent/api.sock"));
		assertThatIllegalStateException().isThrownBy(this.builder::build)
			.withMessageStartingWith("The environment variable 'SPIFFE_ENDPOINT_SOCKET' is not valid: ");
	}

	@Test
	@SuppressWarnings("NullAway")
	void nullIsRejected() {
		assertThatNullPointerException().isThrownBy(() -> this.builder.endpoint(null));
		assertThatNullPointerException().isThrownBy(() -> this.builder.federatesWith(null));
		assertThatNullPointerException()
			.isThrownBy(() -> this.builder.federatesWith(Arrays.asList((TrustDomain) null)));
	}

}
