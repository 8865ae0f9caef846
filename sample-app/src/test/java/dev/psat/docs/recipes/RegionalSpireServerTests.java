package dev.psat.docs.recipes;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RegionalSpireServer}.
 */
class RegionalSpireServerTests {

	@Test
	void isTheServerWithoutItsProperties() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class))
			.withUserConfiguration(RegionalSpireServer.class)
			.withPropertyValues("region=eu", "spire.psat.cluster=demo-cluster", "spire.psat.token-path=/no/such/token")
			.run((context) -> assertThat(context.getBean(SpireIdentity.class).status())
				.satisfies((status) -> assertThat(status.server()).isEqualTo("spire-server.eu.internal:8081"))
				.satisfies((status) -> assertThat(status.trustDomain()).hasToString("eu.example.org")));
	}

}
