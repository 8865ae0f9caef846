package dev.psat.autoconfigure;

import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.health.PsatHealthContributorAutoConfiguration;
import dev.psat.autoconfigure.metrics.PsatMetricsAutoConfiguration;
import dev.psat.test.SimulatedKubeletConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link SimulatedKubeletConfiguration} imports of ours.
 */
class SimulatedKubeletImportTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(SimulatedKubeletConfiguration.class);

	@Test
	void bringsTheAttestorWhereNothingElseIsAutoConfigured() {
		this.runner.run((context) -> assertThat(context.getBean(PsatAttestor.class).payload().cluster())
			.isEqualTo("simulated"));
	}

	@Test
	void leavesOutWhatTheApplicationExcludes() {
		this.runner.withUserConfiguration(ExcludingApplication.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PsatAttestor.class));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { PsatAutoConfiguration.class, PsatEndpointAutoConfiguration.class,
			PsatHealthContributorAutoConfiguration.class, PsatMetricsAutoConfiguration.class })
	static class ExcludingApplication {

	}

}
