package dev.psat.spire.test;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SimulatedSpireServerBuilder}.
 */
class SimulatedSpireServerBuilderTests {

	private final SimulatedSpireServerBuilder builder = SimulatedSpireServer.builder();

	@ParameterizedTest
	@ValueSource(strings = { "", "spiffe://example.org", "example.org/", "a b" })
	void trustDomainMustBeAName(String trustDomain) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.trustDomain(trustDomain));
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1 })
	void durationsMustBePositive(long seconds) {
		Duration duration = Duration.ofSeconds(seconds);
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.agentTtl(duration));
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.x509SvidTtl(duration));
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.jwtSvidTtl(duration));
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.caTtl(duration));
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.connectionAge(duration));
	}

	@Test
	void entryCacheMayBeReloadedAtEachCallButNotBefore() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.entryCacheReload(Duration.ofNanos(-1)));
	}

	@Test
	void clusterMustHaveANameAndAnAudience() {
		assertThatIllegalArgumentException().isThrownBy(() -> SimulatedCluster.named(" "));
		assertThatIllegalArgumentException().isThrownBy(() -> SimulatedCluster.named("demo").audience());
	}

	@Test
	void clusterThatIsNotThereIsNamed() {
		try (SimulatedSpireServer server = this.builder.build()) {
			assertThatIllegalArgumentException().isThrownBy(() -> server.cluster("demo"))
				.withMessage("There is no cluster demo");
		}
	}

}
