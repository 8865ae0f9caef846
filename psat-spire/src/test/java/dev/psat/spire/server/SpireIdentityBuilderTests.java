package dev.psat.spire.server;

import java.nio.file.Path;
import java.time.Duration;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireState;
import dev.psat.spire.client.ServerAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SpireIdentityBuilder}.
 */
class SpireIdentityBuilderTests {

	private final SpireIdentityBuilder builder = SpireServerIdentity.builder(() -> {
		throw new IllegalStateException("Nobody attests in this test");
	});

	@ParameterizedTest
	@ValueSource(longs = { 0, -1 })
	void timesMustBePositive(long nanos) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.refreshInterval(Duration.ofNanos(nanos)))
			.withMessage("'refreshInterval' must be positive");
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.attestTimeout(Duration.ofNanos(nanos)))
			.withMessage("'attestTimeout' must be positive");
	}

	@Test
	void visitsNeverFollowEachOtherWithoutAPause() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.refreshInterval(Duration.ofNanos(9_999_999)))
			.withMessage("'refreshInterval' must be at least 10 milliseconds");
		assertThat(this.builder.refreshInterval(Duration.ofMillis(10))).isSameAs(this.builder);
	}

	@Test
	void serverTrustDomainAndTrustBundleMustBeSet() {
		assertThatIllegalStateException().isThrownBy(this.builder::build).withMessage("'trustDomain' must be set");
		this.builder.trustDomain(TrustDomain.of("example.org"));
		assertThatIllegalStateException().isThrownBy(this.builder::build).withMessage("'server' must be set");
		this.builder.server(new ServerAddress("localhost", 8081));
		assertThatIllegalStateException().isThrownBy(this.builder::build).withMessage("'trustBundle' must be set");
		this.builder.trustBundle(Path.of("bundle.crt"));
		assertThat(this.builder.build().status().state()).isEqualTo(SpireState.STARTING);
	}

	@Test
	void spiffeIdMustBelongToTheTrustDomain() {
		this.builder.server(new ServerAddress("localhost", 8081))
			.trustDomain(TrustDomain.of("example.org"))
			.trustBundle(Path.of("bundle.crt"))
			.spiffeId(SpiffeId.parse("spiffe://example.com/orders"));
		assertThatIllegalStateException().isThrownBy(this.builder::build)
			.withMessage("'spiffeId' must belong to the trust domain 'example.org'");
	}

}
